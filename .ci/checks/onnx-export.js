/**
 * Holds an export of upstream's (v0.x, operators of version 11, six outputs) served as it is against our network with the weights of the
 * same file, and those against the weights of the checkpoint that was exported.
 */
import { readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { loadCheckpoint } from '../../dist/models/load-checkpoint.js'
import { weightsOf } from '../../dist/models/checkpoints/state-dict.js'
import { compile } from '../../dist/models/network.js'
import { compileOpaque } from '../../dist/models/opaque/graph.js'
import { guessOpaque } from '../../dist/models/opaque/guess.js'
import { REGISTRY } from '../../dist/models/registry.js'

const CHECKPOINTS = '../shared/checkpoints'
const CLASSES = 80
const VALUES = 112
const TOLERANCE = 1e-4

const config = REGISTRY.get('nanodet-m-416')
const pixels = Uint8Array.from({ length: 416 * 416 * 3 }, (_, i) => (i * 7919) % 256)

async function predict (onnx) {
  const session = await InferenceSession.create(onnx, { logSeverityLevel: 3 })
  const { output } = await session.run({ pixels: new Tensor('uint8', pixels, [1, 416, 416, 3]) })
  return output.data
}

const ours = async name => predict(compile(config, weightsOf(await loadCheckpoint(`${CHECKPOINTS}/${name}`, config))))
const difference = (a, b) => a.length === b.length ? a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0) : NaN

const bytes = readFileSync(`${CHECKPOINTS}/nanodet_m_416.onnx`)
const opaque = await predict(compileOpaque(bytes, guessOpaque(bytes, 'nanodet_m_416').config))
const fromOnnx = await ours('nanodet_m_416.onnx')
const fromTorch = await ours('nanodet_m_416.ckpt')

const afterSigmoid = fromOnnx.map((x, i) => i % VALUES < CLASSES ? 1 / (1 + Math.exp(-x)) : x)
const differences = { 'served as it is': difference(opaque, afterSigmoid), 'weights of the checkpoint': difference(fromOnnx, fromTorch) }
for (const [what, found] of Object.entries(differences)) {
  console.log(what, found)
  if (!(found < TOLERANCE)) throw new Error(`${what}: differs by ${found}`)
}
