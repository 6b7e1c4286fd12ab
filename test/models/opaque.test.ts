import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import t from 'tap'
import { decode, type DecodeOptions } from '../../head/decode/decode.ts'
import { centerPriors } from '../../head/decode/priors.ts'
import type { ModelConfig, OpaqueConfig } from '../../models/config.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../models/tensor-names.ts'
import { buildNetwork, buildOnImage, compile } from '../../models/network.ts'
import { buildOpaque, compileOpaque, guessOpaque } from '../../models/opaque.ts'
import { REGISTRY } from '../../models/registry.ts'
import { loadWeights } from '../../models/weights.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'
import type { Weights } from '../../nn/scope.ts'
import { input, Tensor } from '../../nn/tensor.ts'
import { maxDifference } from '../support/run.ts'
import { seededFloats, seededWeights } from '../support/seeded.ts'

const real = REGISTRY.get('nanodet-m-416')!
const weights = await loadWeights(real)
const POINTS = [2704, 676, 169]
const options: DecodeOptions = { scoreThreshold: 0.05, iouThreshold: 0.6, maxDetections: 100 }

type Outputs = Record<string, Tensor>
/** The parts of predictions as upstream exports them: after the sigmoid, and as they are. */
const parts = (predictions: Tensor, numClasses = 80): [scores: Tensor, distances: Tensor] => {
  const [scores, distances] = op.split(predictions, [numClasses, 32], 2)
  return [op.sigmoid(scores!), distances!]
}
const one = (predictions: Tensor, numClasses?: number): Outputs => ({ output: op.concat(parts(predictions, numClasses), 2) })
const six = (predictions: Tensor): Outputs => {
  const [scores, distances] = parts(predictions).map(x => op.split(x, POINTS, 1)) as [Tensor[], Tensor[]]
  return { d16: distances[1]!, c8: scores[0]!, output: scores[2]!, d8: distances[0]!, c16: scores[1]!, d32: distances[2]! }
}

/** A network as upstream's tools write it: over a normalized image of floats. */
function exported (config: ModelConfig, weights: Weights, form: (predictions: Tensor) => Outputs): Uint8Array {
  const { predictions, taps } = buildOnImage(config, weights)
  return toOnnx({ outputs: new Map(Object.entries(form(predictions))), names: taps })
}

async function onPixels (onnx: Uint8Array): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const pixels = Uint8Array.from(seededFloats('pixels', 416 * 416 * 3, u => 256 * u))
  const results = await session.run({ [INPUT_NAME]: new OrtTensor('uint8', pixels, [1, 416, 416, 3]) })
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

const detections = (predictions: Float32Array, config: ModelConfig | OpaqueConfig) => {
  const { input, labels, head: { strides, offset, regMax } } = config
  const layout = { numClasses: labels.length, regMax, scores: 'scores' in config ? config.scores : 'logits' } as const
  return decode(predictions, layout, centerPriors(input, strides, offset), input, options)
}

for (const [form, outputs] of Object.entries({ one, six })) {
  t.test(`a file with ${form} output${form === 'one' ? '' : 's'} gives what the network gives`, async t => {
    const bytes = exported(real, weights, outputs)
    const config = guessOpaque(bytes, 'mine')
    const { published, weights: origin, backbone, neck, act, head: { regMax, strides, offset }, ...rest } = real
    t.same(config, { ...rest, name: 'mine', opaque: true, scores: 'probabilities', head: { regMax, strides, offset } })
    const expected = (await onPixels(compile(real, weights)))[OUTPUT_NAME]!
    const found = (await onPixels(compileOpaque(bytes, config)))[OUTPUT_NAME]!
    const afterSigmoid = expected.map((x, i) => i % 112 < 80 ? 1 / (1 + Math.exp(-x)) : x)
    t.ok(maxDifference(found, afterSigmoid) < 1e-5)
    const [ours, theirs] = [detections(expected, real), detections(found, config)]
    t.ok(ours.length > 0)
    t.same(theirs.map(({ classId }) => classId), ours.map(({ classId }) => classId))
    t.ok(theirs.every(({ box, score }, i) => maxDifference([...box, score], [...ours[i]!.box, ours[i]!.score]) < 1e-3))
  })
}

t.test('what the file\'s nodes compute can be had beside the predictions', async t => {
  const bytes = exported(real, weights, six)
  const config = guessOpaque(bytes, 'mine')
  const { taps, image, predictions } = buildOpaque(bytes, config)
  t.same(image.shape, [1, 3, 416, 416])
  t.same(predictions.shape, [1, 3549, 112])
  t.ok(taps.has('backbone.stage2.3'))
  t.notOk(taps.has(OUTPUT_NAME), 'a name of the file\'s that is taken')
  const name = 'backbone.stage2.3'
  const expected = await onPixels(compile(real, weights, { layers: [name], passes: [] }))
  const found = await onPixels(compileOpaque(bytes, config, [name]))
  t.same(Object.keys(found), [OUTPUT_NAME, name])
  t.equal(maxDifference(found[name]!, expected[name]!), 0)
})

t.test('what a file is without a config, its outputs tell', async t => {
  const plus = REGISTRY.get('nanodet-plus-m-320')!
  t.match(guessOpaque(exported(plus, seededWeights, one), 'mine'), { head: { regMax: 7, strides: [8, 16, 32, 64], offset: 0 }, resizeMode: 'stretch', input: { width: 320 } })
  const two = { ...real, labels: ['cat', 'dog'], input: { width: 96, height: 64 } }
  t.match(guessOpaque(exported(two, seededWeights, x => one(x, 2)), 'mine'), { labels: ['class_0', 'class_1'], input: { width: 96, height: 64 } })
  t.match(guessOpaque(graph([1, 2100, 124]), 'mine'), { labels: { length: 80 }, head: { regMax: 10 } })
  t.match(guessOpaque(graph([1, 1600, 32], [1, 1600, 3], [1, 400, 3], [1, 400, 32], [1, 100, 32], [1, 100, 3]), 'mine'), { labels: { length: 3 }, head: { regMax: 7 } })
  t.match(guessOpaque(graph([1, 1600, 3], [1, 1600, 44], [1, 400, 3], [1, 400, 44], [1, 100, 3], [1, 100, 44]), 'mine'), { labels: { length: 3 }, head: { regMax: 10 } })
})

t.test('outputs of each level may hold everything, or as many classes as distances', async t => {
  const wholes = graph([1, 1600, 112], [1, 400, 112], [1, 100, 112])
  t.same(buildOpaque(wholes, guessOpaque(wholes, 'mine')).predictions.shape, [1, 2100, 112])
  const alike = graph([1, 1600, 32], [1, 400, 32], [1, 100, 32], [1, 1600, 32], [1, 400, 32], [1, 100, 32])
  const config = guessOpaque(alike, 'mine')
  t.equal(config.labels.length, 32)
  t.same(buildOpaque(alike, config).predictions.shape, [1, 2100, 64])
})

t.test('a config decides, and has to fit', async t => {
  const bytes = exported(real, weights, one)
  const config: OpaqueConfig = { ...guessOpaque(bytes, 'mine'), scores: 'logits', resizeMode: 'stretch' }
  t.same(buildOpaque(bytes, config).predictions.shape, [1, 3549, 112])
  t.throws(() => buildOpaque(bytes, { ...config, labels: ['cat'] }), {
    name: 'ModelFileError',
    message: 'mine: the graph\'s outputs are [1, 3549, 112]; there is neither [1, 3549, 33] nor for each of 2704, 676, 169 points [1, points, 1] and [1, points, 32]'
  })
  t.throws(() => buildOpaque(bytes, { ...config, input: { width: 320, height: 320 } }), { name: 'OnnxError', message: /its input image is float32 \[1, 3, 416, 416\], not float32 \[1, 3, 320, 320\]/ })
})

t.test('what follows no convention is refused', async t => {
  const refused = (bytes: Uint8Array, message: RegExp) => t.throws(() => guessOpaque(bytes, 'mine'), { name: 'ModelFileError', message })
  refused(graph([1, 1000]), /^mine: the graph's outputs are \[1, 1000\], which are not NanoDet's for 320×320; a config can say what they are$/)
  refused(graph([1, 2100, 20]), /which are not NanoDet's/)
  refused(graph([1, 1600, 3], [1, 1600, 5], [1, 400, 3], [1, 400, 5], [1, 100, 3], [1, 100, 5]), /which are not NanoDet's/)
  const sideways = toOnnx({ outputs: new Map([['y', op.relu(input('x', [1, 320, 320, 3]))]]) })
  refused(sideways, /^mine: the graph takes \[1, 320, 320, 3\]; needed is one image \[1, 3, H, W\] of sizes that 32 divides$/)
  const { predictions } = buildNetwork(real, weights, input('image', ['N', 3, 'H', 'W']))
  refused(toOnnx({ outputs: new Map([['y', predictions]]) }), /the graph takes \[N, 3, H, W\]/)
})

/** A graph over 320×320 whose outputs have these shapes. It is only looked at, never run. */
function graph (...shapes: number[][]): Uint8Array {
  const inputs = [input('image', [1, 3, 320, 320])]
  return toOnnx({ outputs: new Map(shapes.map((shape, i) => [`y${i}`, outputOf(shape, inputs)])) })
}

function outputOf (shape: number[], inputs: Tensor[]): Tensor {
  const outputs: Tensor[] = []
  outputs.push(new Tensor(shape, 'float32', { kind: 'node', node: { op: 'Head', inputs, attributes: {}, outputs } }))
  return outputs[0]!
}
