import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import t from 'tap'
import { DEFAULT_OPTIONS, SCORING_OPTIONS } from '../../engine/options.ts'
import { DetectPipeline } from '../../engine/tasks/detect-pipeline.ts'
import { Steps } from '../../engine/steps.ts'
import { readSafetensors } from '../../models/checkpoints/safetensors.ts'
import { weightsOf } from '../../models/checkpoints/state-dict.ts'
import { exportEndToEnd, exportParameters, exportRaw } from '../../models/export.ts'
import { unwarpBox } from '../../models/resize-mode.ts'
import { INPUT_NAME } from '../../models/tensor-names.ts'
import { compile } from '../../models/network.ts'
import { REGISTRY } from '../../models/registry.ts'
import { loadStateDict, loadWeights } from '../../models/weights.ts'
import { photo } from '../support/files.ts'
import { maxDifference, runOnnx } from '../support/run.ts'
import { seededWeights } from '../support/seeded.ts'

const MODEL = REGISTRY.get('nanodet-m-416')!
const bytes = photo('sample-me.jpg')
const prepare = () => new Steps(MODEL).preprocess({ bytes, maxPixels: 50e6 })
const metadataOf = (onnx: Uint8Array): Record<string, string> =>
  Object.fromEntries(fromBinary(ModelProtoSchema, onnx).metadataProps.map(({ key, value }) => [key, value]))

for (const options of [DEFAULT_OPTIONS, SCORING_OPTIONS, { ...SCORING_OPTIONS, maxDetections: 5 }]) {
  t.test(`end to end, it finds what is served: ${JSON.stringify(options)}`, async t => {
    const stateDict = await loadStateDict(MODEL)
    const { picture: { pixels }, warp, image } = await prepare()
    const onnx = exportEndToEnd(MODEL, weightsOf(stateDict), options)
    const found = await runOnnx(onnx, { [INPUT_NAME]: { dims: [1, 416, 416, 3], data: pixels } })
    const pipeline = await DetectPipeline.load({ config: MODEL, onnx: compile(MODEL, weightsOf(stateDict)) }, 1)
    const { objects: served } = await pipeline.detect({ bytes, maxPixels: 50e6, options })
    t.ok(served.length >= 2)
    t.same([...found['class_ids']!.data], served.map(({ classId }) => classId))
    t.ok(maxDifference(found['scores']!.data, served.map(({ score }) => score)) < 1e-5)
    const boxes = served.map((_, i) => [...found['boxes']!.data.subarray(4 * i, 4 * i + 4)] as [number, number, number, number])
    const onPhoto = boxes.flatMap(box => unwarpBox(warp, box, image))
    t.ok(maxDifference(onPhoto, served.flatMap(({ box }) => box)) * warp.scaleX < 1e-3, 'in pixels of the network\'s input')
  })
}

t.test('with an input that is not a multiple of 32, boxes are right, too', async t => {
  const weights = await loadWeights(MODEL)
  const detect = async (config: typeof MODEL) => {
    const pipeline = await DetectPipeline.load({ config, onnx: compile(config, weights) }, 1)
    return (await pipeline.detect({ bytes, maxPixels: 50e6, options: DEFAULT_OPTIONS })).objects
  }
  for (const resizeMode of ['letterbox', 'stretch'] as const) {
    const odd = { ...MODEL, resizeMode, input: { width: 404, height: 412 } }
    const found = await detect(odd)
    const [person] = await detect({ ...odd, input: { width: 416, height: 416 } })
    const isNear = (box: readonly number[]): boolean => maxDifference(box, person!.box) < 0.1 * (box[2]! - box[0]!)
    t.ok(found.some(({ label, box }) => label === person!.label && isNear(box)))
    const { picture: { pixels }, warp, image } = await new Steps(odd).preprocess({ bytes, maxPixels: 50e6 })
    const endToEnd = exportEndToEnd(odd, weights, DEFAULT_OPTIONS)
    const { boxes } = await runOnnx(endToEnd, { [INPUT_NAME]: { dims: [1, 412, 404, 3], data: pixels } })
    const boxAt = (i: number) => [...boxes!.data.subarray(4 * i, 4 * i + 4)] as [number, number, number, number]
    const onPhoto = found.flatMap((_, i) => unwarpBox(warp, boxAt(i), image))
    t.ok(maxDifference(onPhoto, found.flatMap(({ box }) => box)) * warp.scaleX < 1e-3)
    const data = { dims: [1, 3, 416, 416], data: new Float32Array(3 * 416 ** 2) }
    t.same((await runOnnx(exportRaw(odd, weights), { data }))['output']!.dims, [1, 3549, 112])
  }
})

t.test('raw, it is what the network predicts, with scores behind the sigmoid', async t => {
  const weights = await loadWeights(MODEL)
  const { picture: { pixels } } = await prepare()
  const { output: logits } = await runOnnx(compile(MODEL, weights), { [INPUT_NAME]: { dims: [1, 416, 416, 3], data: pixels } })
  const { output } = await runOnnx(exportRaw(MODEL, weights), { data: { dims: [1, 3, 416, 416], data: normalized(pixels) } })
  t.same(output!.dims, [1, 3549, 112])
  const expected = logits!.data.map((value, i) => i % 112 < 80 ? 1 / (1 + Math.exp(-value)) : value)
  t.ok(maxDifference(output!.data, expected) < 1e-4)
})

t.test('raw, it is made of operators that are read widely', async t => {
  const { graph } = fromBinary(ModelProtoSchema, exportRaw(MODEL, await loadWeights(MODEL)))
  t.same([...new Set(graph!.node.map(({ opType }) => opType))].sort(),
    ['Add', 'Concat', 'Conv', 'LeakyRelu', 'MaxPool', 'Reshape', 'Resize', 'Sigmoid', 'Slice', 'Split', 'Transpose'])
})

t.test('the file says what its shapes can\'t', async t => {
  const config = REGISTRY.get('nanodet-plus-m-320')!
  const raw = metadataOf(exportRaw(config, seededWeights))
  t.match(raw, { producer: 'nanodet-server', model: 'nanodet-plus-m-320', form: 'raw', strides: '[8,16,32,64]', reg_max: '7', offset: '0', resize_mode: 'stretch' })
  t.same(JSON.parse(raw['labels']!), config.labels)
  t.same(JSON.parse(raw['input']!), { width: 320, height: 320 })
  t.same(JSON.parse(raw['normalization']!), { channel_order: 'BGR', mean: [103.53, 116.28, 123.675], std: [57.375, 57.12, 58.395] })
  t.match(metadataOf(exportEndToEnd(config, seededWeights, DEFAULT_OPTIONS)), {
    form: 'end-to-end', score_threshold: '0.35', iou_threshold: '0.6', max_detections: '100'
  })
})

t.test('parameters read back as they were, without what is not used', async t => {
  const stateDict = await loadStateDict(MODEL)
  t.same(readSafetensors(exportParameters(MODEL, stateDict)), stateDict)
  const unused = new Map([...stateDict.parameters, ['head.gfl_reg.0.bias', { shape: [1], data: new Float32Array(1) }]])
  t.same(readSafetensors(exportParameters(MODEL, { ...stateDict, parameters: unused })), stateDict)
})

t.test('weights that do not fit are refused by name', async t => {
  const weights = await loadWeights(MODEL)
  t.throws(() => exportRaw(REGISTRY.get('nanodet-m-1.5x-416')!, weights), { name: 'ParameterError', message: /^backbone\.stage2\.0\.branch1\.2: / })
})

/** Pixels as upstream feeds them: BGR planes, less the mean, over the standard deviation. */
function normalized (pixels: Uint8Array): Float32Array {
  const { mean, std } = MODEL.normalization
  const plane = pixels.length / 3
  return Float32Array.from({ length: pixels.length }, (_, i) => {
    const channel = Math.floor(i / plane)
    return (pixels[(i % plane) * 3 + 2 - channel]! - mean[channel]!) / std[channel]!
  })
}
