import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import t from 'tap'
import { decode, type DecodeOptions } from '../../../head/decode/decode.ts'
import { centerPriors } from '../../../head/decode/priors.ts'
import type { ModelConfig, OpaqueConfig } from '../../../models/config.ts'
import { buildOnImage, compile } from '../../../models/network.ts'
import { buildOpaque, compileOpaque } from '../../../models/opaque/graph.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { loadWeights } from '../../../models/weights.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import type { Weights } from '../../../nn/scope.ts'
import type { Tensor } from '../../../nn/tensor.ts'
import { detectorConfig } from '../../support/model-files.ts'
import { inHalfPrecision, quantized, withOpset } from '../../support/onnx-files.ts'
import { maxDifference } from '../../support/run.ts'
import { seededFloats, seededWeights } from '../../support/seeded.ts'

const real = REGISTRY.get('nanodet-m-416')!
const weights = await loadWeights(real)
const POINTS = [2704, 676, 169]
const options: DecodeOptions = { scoreThreshold: 0.05, iouThreshold: 0.6, maxDetections: 100 }

type Outputs = Record<string, Tensor>
/** The parts of predictions as upstream exports them: scores after the sigmoid, distances unchanged. */
const parts = (predictions: Tensor): [scores: Tensor, distances: Tensor] => {
  const scores = op.slice(predictions, 0, 80, 2)
  return [op.sigmoid(scores), op.slice(predictions, 80, 112, 2)]
}
const one = (predictions: Tensor): Outputs => ({ output: op.concat(parts(predictions), 2) })
const two = (predictions: Tensor): Outputs => {
  const [scores, distances] = parts(predictions)
  return { distances, output: scores }
}
const six = (predictions: Tensor): Outputs => {
  const [scores, distances] = parts(predictions).map(x => op.split(x, POINTS, 1)) as [Tensor[], Tensor[]]
  return { d16: distances[1]!, c8: scores[0]!, output: scores[2]!, d8: distances[0]!, c16: scores[1]!, d32: distances[2]! }
}
const withoutBatch = (predictions: Tensor): Outputs =>
  Object.fromEntries(Object.entries(six(predictions)).map(([name, x]) => [name, op.flatten(x, 0, 1)]))

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

const expected = (await onPixels(compile(real, weights)))[OUTPUT_NAME]!
const afterSigmoid = expected.map((x, i) => i % 112 < 80 ? 1 / (1 + Math.exp(-x)) : x)

for (const [form, outputs] of Object.entries({ one, two, six, withoutBatch })) {
  t.test(`a file with outputs in the form "${form}" returns what the network returns`, async t => {
    const bytes = exported(real, weights, outputs)
    const config = detectorConfig(bytes, 'mine')
    const { published, weights: origin, backbone, neck, act, head: { regMax, strides, offset }, ...rest } = real
    t.same(config, { ...rest, name: 'mine', opaque: true, scores: 'probabilities', head: { regMax, strides, offset } })
    const found = (await onPixels(compileOpaque(bytes, config)))[OUTPUT_NAME]!
    t.ok(maxDifference(found, afterSigmoid) < 1e-5)
    const [ours, theirs] = [detections(expected, real), detections(found, config)]
    t.ok(ours.length > 0)
    t.same(theirs.map(({ classId }) => classId), ours.map(({ classId }) => classId))
    t.ok(theirs.every(({ box, score }, i) => maxDifference([...box, score], [...ours[i]!.box, ours[i]!.score]) < 1e-3))
  })
}

t.test('half precision: inputs and outputs are converted', async t => {
  const bytes = inHalfPrecision(exported(real, weights, one))
  const config = detectorConfig(bytes)
  const layer = 'backbone.stage2.3'
  t.ok(buildOpaque(bytes, config).taps.has(layer))
  const found = await onPixels(compileOpaque(bytes, config, [layer]))
  t.ok(maxDifference(found[OUTPUT_NAME]!, afterSigmoid) < 0.05, `${maxDifference(found[OUTPUT_NAME]!, afterSigmoid)}`)
  t.type(found[layer], Float32Array)
})

t.test('8-bit weights in QDQ format, without value_info: floats inside are layers, 8-bit values are not', async t => {
  const bytes = quantized(exported(real, weights, one))
  const config = detectorConfig(bytes)
  const { taps } = buildOpaque(bytes, config)
  t.ok([...taps.keys()].some(name => name.endsWith('_x_dequantized')))
  t.notOk([...taps.keys()].some(name => name.endsWith('_x_quantized')))
  const found = (await onPixels(compileOpaque(bytes, config, [...taps.keys()])))
  t.ok(maxDifference(found[OUTPUT_NAME]!.filter((_, i) => i % 112 < 80), afterSigmoid.filter((_, i) => i % 112 < 80)) < 0.5)
})

t.test('older versions of the operators: the graph runs in its own', async t => {
  const eleven = withOpset(exported(real, weights, one), 11)
  t.equal(buildOpaque(eleven, detectorConfig(eleven)).opset, 11)
  t.ok(maxDifference((await onPixels(compileOpaque(eleven, detectorConfig(eleven))))[OUTPUT_NAME]!, afterSigmoid) < 1e-5)
  t.throws(() => detectorConfig(withOpset(exported(real, weights, one), 9)), {
    name: 'OnnxError', message: /node Resize_\d+ \(Upsample\) shrinks its input, which opsets before 11 can't: export the model again, with opset_version=17/
  }, 'PAN has paths down')
  const fpn = { ...real, neck: { name: 'fpn', outChannels: 96 } } as const
  const nine = withOpset(exported(fpn, seededWeights, one), 9)
  const found = await onPixels(compileOpaque(nine, detectorConfig(nine)))
  t.ok(found[OUTPUT_NAME]!.every((x, i) => i % 112 >= 80 || (x >= 0 && x <= 1)), 'FPN has none')
})

t.test('results of the file\'s nodes can be fetched beside the predictions', async t => {
  const bytes = exported(real, weights, six)
  const config = detectorConfig(bytes)
  const { taps, image, predictions } = buildOpaque(bytes, config)
  t.same(image.shape, [1, 3, 416, 416])
  t.same(predictions.shape, [1, 3549, 112])
  t.ok(taps.has('backbone.stage2.3'))
  t.notOk(taps.has(OUTPUT_NAME), 'a name that predictions take')
  const name = 'backbone.stage2.3'
  const expected = await onPixels(compile(real, weights, { layers: [name], passes: [] }))
  const found = await onPixels(compileOpaque(bytes, config, [name]))
  t.same(Object.keys(found), [OUTPUT_NAME, name])
  t.equal(maxDifference(found[name]!, expected[name]!), 0)
})

t.test('the config decides, and must fit', async t => {
  const bytes = exported(real, weights, one)
  const config: OpaqueConfig = { ...detectorConfig(bytes), scores: 'logits', resizeMode: 'stretch' }
  t.same(buildOpaque(bytes, config).predictions.shape, [1, 3549, 112])
  t.throws(() => buildOpaque(bytes, { ...config, labels: ['cat'] }), { name: 'ModelFileError' })
  t.throws(() => buildOpaque(bytes, { ...config, input: { width: 320, height: 320 } }), { name: 'OnnxError', message: /its input image is float32 \[1, 3, 416, 416\], not float32 \[1, 3, 320, 320\]/ })
})
