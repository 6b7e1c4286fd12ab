import { fileURLToPath } from 'node:url'
import t from 'tap'
import { OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { compile, graphOnPixels } from '../../../models/network.ts'
import { readCalibration, calibrationFile } from '../../../models/calibration-table.ts'
import { int8Form, int8Passes } from '../../../models/quantization/int8-form.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { loadWeights } from '../../../models/weights.ts'
import { topologicalOrder, type Graph } from '../../../nn/graph.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import { optimize } from '../../../nn/passes/optimize.ts'
import type { Ranges } from '../../../nn/passes/quantize.ts'
import { Session } from '../../../engine/session.ts'
import { Steps } from '../../../engine/steps.ts'
import { photo } from '../../support/files.ts'
import { runOnnx, type Value } from '../../support/run.ts'
import { seededWeights } from '../../support/seeded.ts'

const config = REGISTRY.get('nanodet-m-416')!
const weights = await loadWeights(config)
const calibration = await readCalibration(fileURLToPath(calibrationFile(config)))
const { picture } = await new Steps(config).preprocess({ bytes: photo('sample1.jpg'), maxPixels: Infinity })
const feed = { pixels: { dims: [1, 416, 416, 3], data: picture.pixels } }
const expected = (await runOnnx(compile(config, weights), feed))[OUTPUT_NAME]!

const meanDifference = (a: Value, b: Value): number =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length

t.test('every pass keeps the version of operators and what is said of the model', async t => {
  const facts = { opset: 17, metadata: { model: config.name } }
  let graph: Graph = { ...graphOnPixels(config, weights), ...facts }
  for (const [i, pass] of int8Passes(calibration).entries()) {
    graph = pass(graph)
    t.match(graph, facts, `pass ${i}`)
    t.ok(graph.names!.size > 0)
  }
})

t.test('the form for int8 computes what the graph did, but for the edge of the photo', async t => {
  const found = (await runOnnx(toOnnx(int8Form(graphOnPixels(config, weights), {})), feed))[OUTPUT_NAME]!
  t.same(found.dims, expected.dims)
  t.ok(meanDifference(found, expected) < 0.02)
})

t.test('int8 gives the real photo\'s logits but for a quarter on average', async t => {
  const found = (await runOnnx(compile(config, weights, { passes: int8Passes(calibration) }), feed))[OUTPUT_NAME]!
  t.same(found.dims, expected.dims)
  const difference = meanDifference(found, expected)
  t.comment(`mean difference ${difference}`)
  t.ok(difference > 0 && difference < 0.25)
})

t.test('every convolution is quantized', async t => {
  const { outputs } = optimize(graphOnPixels(config, weights), int8Passes(calibration))
  const convolutions = topologicalOrder(outputs.values()).filter(({ op }) => op === 'Conv')
  t.ok(convolutions.length > 50)
  for (const { inputs } of convolutions) {
    t.ok(inputs.every(x => x?.source.kind === 'node' && x.source.node.op === 'DequantizeLinear'))
  }
})

t.test('values inside are float, and near what they were', async t => {
  const { outputs, names } = optimize(graphOnPixels(config, weights), int8Passes(calibration))
  const found = await runOnnx(toOnnx({ outputs: new Map([...outputs, ['fpn.p3', names!.get('fpn.p3')!]]) }), feed)
  const float = await runOnnx(compile(config, weights, { layers: ['fpn.p3'] }), feed)
  t.ok(meanDifference(found['fpn.p3']!, float['fpn.p3']!) < 0.1)
})

/** A range for whatever is asked for. */
const ANY: Ranges = new Proxy({}, { get: () => [-2, 4] })

for (const [name, config] of REGISTRY) {
  t.test(`${name} can be quantized, and the runtime takes it`, async t => {
    const onnx = compile(config, seededWeights, { passes: int8Passes({ factors: {}, ranges: ANY }) })
    const session = await Session.create(onnx, 1)
    t.same(session.outputShapes.get(OUTPUT_NAME)?.slice(0, 1) ?? [1], [1])
    await session.release()
  })
}
