import sharp from 'sharp'
import t, { type Test } from 'tap'
import { CHUNK_BYTES } from '../../../engine/chunks.ts'
import { SCORING_OPTIONS } from '../../../engine/options.ts'
import type { Chunks, InferOutput } from '../../../engine/results.ts'
import { Session } from '../../../engine/session.ts'
import { Steps } from '../../../engine/steps.ts'
import { DetectPipeline } from '../../../engine/tasks/detect-pipeline.ts'
import { Inspector } from '../../../engine/tasks/inspector.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import type { Precision } from '../../../models/calibration-table.ts'
import { readSafetensors } from '../../../models/checkpoints/safetensors.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { listLayers } from '../../../models/layers.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'
import type { NetworkModel } from '../../../models/model.ts'
import { OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'

const layers = listLayers(MODEL, true)
const model = await readModel(ARTIFACT)
const source = { bytes: photo('sample2.jpg'), maxPixels: 50e6, options: SCORING_OPTIONS }

function inspectorOf (t: Test, model: NetworkModel): Inspector {
  const inspector = new Inspector(model, 1)
  t.teardown(() => inspector.release())
  return inspector
}

const inspect = (inspector: Inspector, names: string, precision?: Precision) => inspector.inspect({
  ...source,
  layers: chooseLayers(names, layers),
  rendering: { format: 'safetensors', values: false, channels: 64, reduce: 'l2' },
  precision
})

/** What POST /detect finds. */
async function detected (model: NetworkModel) {
  const pipeline = await DetectPipeline.load({ config: model.config, onnx: compileModel(model) }, 1)
  const { objects } = await pipeline.detect(source)
  await pipeline.release()
  return objects
}

/** The bytes of one tensor in a safetensors file. */
function tensorOf (file: Chunks, name: string): Buffer {
  const bytes = Buffer.concat(file)
  const start = 8 + Number(bytes.readBigUInt64LE())
  const [from, to] = JSON.parse(bytes.toString('utf8', 8, start))[name].data_offsets
  return bytes.subarray(start + from, start + to)
}

t.test('with all layers as outputs, the boxes are those of POST /detect to the bit', async t => {
  const expected = await detected(model)
  const { objects, body } = await inspect(inspectorOf(t, model), '*')
  t.ok(expected.length > 10)
  t.strictSame(objects, expected)
  t.ok(body.length > 10, `${body.length} pieces`)
  t.ok(body.every(({ length }) => length <= CHUNK_BYTES))
})

t.test('of a network whose input is as large as photos make it, the boxes are those of POST /detect at every size', async t => {
  const own = seededModel({ ...SMALL, input: { width: 160, height: 160 }, resizeMode: 'keep-ratio' })
  const known = listLayers(own.config, false)
  const inspector = inspectorOf(t, own)
  const pipeline = await DetectPipeline.load({ config: own.config, onnx: compileModel(own) }, 1)
  t.teardown(() => pipeline.release())
  for (const [width, height] of [[300, 200], [200, 300], [300, 300], [300, 200], [40, 300]] as const) {
    const bytes = await sharp(source.bytes).resize(width, height, { fit: 'fill' }).jpeg().toBuffer()
    const input = { ...source, bytes, options: { ...SCORING_OPTIONS, scoreThreshold: 0 } }
    const { objects } = await inspector.explain({ ...input, layers: chooseLayers('stage2,p5', known), region: { box: [0, 0, 30, 30] } })
    t.ok(objects.length > 0)
    t.strictSame(objects, (await pipeline.detect(input)).objects, `${width}×${height}`)
  }
})

t.test('a layer is the same, whatever else is requested', async t => {
  const inspector = inspectorOf(t, model)
  const read = async (names: string): Promise<Buffer> => tensorOf((await inspect(inspector, names)).body, 'fpn.lateral_convs.0')
  const alone = await read('fpn.lateral_convs.0')
  t.equal(alone.length, 4 * 96 * 52 * 52)
  t.ok(alone.equals(await read('fpn.lateral_convs.0,stage2,stage4')))
})

t.test('more sets of layers than are kept: the oldest goes, and comes again', async t => {
  const inspector = inspectorOf(t, model)
  const first = (await inspect(inspector, 'p3')).body
  for (const names of ['p4', 'p5', 'stage2', 'stage3']) await inspect(inspector, names)
  t.strictSame((await inspect(inspector, 'p3')).body, first)
})

t.test('in int8 the boxes are those of POST /detect, too; the layers are float', async t => {
  const int8 = await readModel(builtInArtifacts('int8')[0]!)
  const layer = 'fpn.lateral_convs.0'
  const [inspected, float] = [await inspect(inspectorOf(t, int8), layer), await inspect(inspectorOf(t, model), layer)]
  t.strictSame(inspected.objects, await detected(int8))
  t.notSame(inspected.objects, float.objects)
  t.ok(tensorOf(inspected.body, layer).equals(tensorOf(float.body, layer)))
})

/** The norm of the difference as a share of the norm. */
function difference (a: Float32Array, b: Float32Array): number {
  const square = (sum: number, value: number): number => sum + value * value
  return Math.sqrt(a.map((value, i) => value - b[i]!).reduce(square, 0) / b.reduce(square, 0))
}

t.test('a model that is served in fp32 shows its layers in int8: a little off, and more with depth', async t => {
  const names = 'stem,stage2,stage3,stage4,backbone.stage2.0.branch1.3,pred5'
  const inspector = inspectorOf(t, model)
  const [float, int8] = [await inspect(inspector, names, 'fp32'), await inspect(inspector, names, 'int8')]
  t.strictSame(float.objects, await detected(model))
  t.strictSame(int8.objects, await detected({ ...model, precision: 'int8' }))
  t.notSame(int8.objects, float.objects)
  const [a, b] = [int8, float].map(({ body }) => readSafetensors(Buffer.concat(body)).parameters)
  const off = names.split(',').map(name => difference(a!.get(name)!.data, b!.get(name)!.data))
  t.ok(off[0]! > 0.001 && off[0]! < off[1]! && off[1]! < off[2]! && off[2]! < off[3]! && off[3]! < 0.4, off.join())
  t.ok(off[5]! > 0.001 && off[5]! < 0.1, 'class logits')
  const { shape: [, channels], data } = a!.get('stem')!
  t.ok(new Set(data.subarray(0, data.length / channels!)).size <= 256, 'bytes, dequantized; each channel has its factor')
  t.strictSame((await inspect(inspector, names, 'fp32')).body, float.body, 'cached separately')
  t.strictSame((await inspect(inspector, names)).body, float.body)
})

t.test('all layers together leave the network in int8 as it is', async t => {
  const steps = new Steps(model.config)
  const { picture } = await steps.preprocess(source)
  const predictions = async (names: readonly string[]) => {
    const session = await Session.create(compileModel(model, names, 'int8'), 1)
    const { [OUTPUT_NAME]: output } = await session.run(picture)
    await session.release()
    return output!.data
  }
  t.strictSame(await predictions(layers.map(({ name }) => name)), await predictions([]))
})

t.test('explanations are of the network in the requested precision, by default the model\'s', async t => {
  const inspector = inspectorOf(t, model)
  const explain = (precision?: Precision, of = inspector) =>
    of.explain({ ...source, layers: chooseLayers('stage2,stage4', layers), region: { box: [0, 0, 90, 90] }, precision })
  t.strictSame((await explain('int8')).objects, await detected({ ...model, precision: 'int8' }))
  const regionOf = async (precision?: Precision, of?: Inspector) =>
    JSON.parse(Buffer.concat((await explain(precision, of)).body).toString()).region
  t.notSame((await regionOf('int8')).layers, (await regionOf('fp32')).layers)
  t.same(await regionOf('fp32'), await regionOf())
  t.same(await regionOf('int8'), await regionOf(undefined, inspectorOf(t, { ...model, precision: 'int8' })))
})

t.test('a precision that the model can\'t run in is refused', async t => {
  const { calibration, ...without } = model
  await t.rejects(inspect(inspectorOf(t, without), 'p5', 'int8'),
    { name: 'FeaturesError', message: 'precision: nanodet-m-416 has no usable calibration table, so it runs in fp32 only' })
  const ranges = Object.fromEntries(Object.entries(calibration!.ranges).slice(0, 20))
  const partial = { ...model, calibration: { ...calibration!, ranges } }
  await t.rejects(inspect(inspectorOf(t, partial), 'p5', 'int8'), { name: 'FeaturesError', message: /^precision: int8: no range for/ })
  t.ok((await inspect(inspectorOf(t, partial), 'p5')).objects.length > 10)
})

t.test('what can\'t be rendered is refused', async t => {
  const inspector = inspectorOf(t, model)
  const rendering = { format: 'overlay', values: false, channels: 64, reduce: 'l2' } as const
  await t.rejects(inspector.inspect({ ...source, layers: chooseLayers('head', layers), rendering }), { name: 'NotAMapError' })
  await t.rejects(inspector.inspect({ ...source, bytes: Buffer.from('text'), layers: chooseLayers('p5', layers), rendering }), { code: 'UNSUPPORTED_IMAGE' })
})

/** The values of an answer's tensors, by name. */
function valuesOf ({ tensors, body }: InferOutput): Map<string, Buffer> {
  const bytes = Buffer.concat(body)
  let start = 0
  return new Map(tensors.map(({ name, bytes: length }) => {
    start += length
    return [name, bytes.subarray(start - length, start)]
  }))
}

const pixels = async (model: NetworkModel) => (await new Steps(model.config).preprocess(source)).picture

t.test('tensors of a photo: objects as POST /detect finds them, layers as POST /features gives them, to the bit', async t => {
  const inspector = inspectorOf(t, model)
  const chosen = chooseLayers('stage4,fpn.lateral_convs.0', layers)
  const output = await inspector.infer({ ...source, layers: chosen, predictions: true })
  t.strictSame(output.objects, await detected(model))
  t.match(output.image, { format: 'jpeg' })
  t.same(output.tensors.map(({ name, shape }) => [name, shape]), [
    [OUTPUT_NAME, [1, 3549, 112]], ['stage4', [1, 464, 13, 13]], ['fpn.lateral_convs.0', [1, 96, 52, 52]]
  ])
  t.ok(output.body.every(({ length }) => length <= CHUNK_BYTES))
  const { body } = await inspect(inspector, 'stage4,fpn.lateral_convs.0')
  for (const { label } of chosen) t.ok(valuesOf(output).get(label)!.equals(tensorOf(body, label)), label)
})

t.test('the network\'s own input gives what its photo gives', async t => {
  const inspector = inspectorOf(t, model)
  const wanted = { layers: chooseLayers('stage4', layers), predictions: true }
  const ofPhoto = await inspector.infer({ ...source, ...wanted })
  const ofPixels = await inspector.infer({ bytes: (await pixels(model)).pixels, shape: [1, 416, 416, 3], ...wanted })
  t.same(ofPixels.objects, [])
  t.notOk('image' in ofPixels)
  t.strictSame(ofPixels.tensors, ofPhoto.tensors)
  t.ok(Buffer.concat(ofPixels.body).equals(Buffer.concat(ofPhoto.body)))
})

t.test('in int8, predictions are those of the network that detects, whatever layers are wanted', async t => {
  const int8 = await readModel(builtInArtifacts('int8')[0]!)
  const inspector = inspectorOf(t, int8)
  const tensor = { bytes: (await pixels(int8)).pixels, shape: [1, 416, 416, 3], predictions: true }
  const alone = valuesOf(await inspector.infer({ ...tensor, layers: [] })).get(OUTPUT_NAME)!
  const beside = valuesOf(await inspector.infer({ ...tensor, layers: chooseLayers('p5', layers) })).get(OUTPUT_NAME)!
  t.ok(beside.equals(alone))
  t.notOk(alone.equals(valuesOf(await inspectorOf(t, model).infer({ ...tensor, layers: [] })).get(OUTPUT_NAME)!))
})

t.test('a network whose input is as large as photos make it takes tensors of these sizes', async t => {
  const own = seededModel({ ...SMALL, input: { width: 128, height: 128 }, resizeMode: 'keep-ratio' })
  const inspector = inspectorOf(t, own)
  const { pixels: bytes, width, height } = await pixels(own)
  t.same([width, height], [128, 91])
  const wanted = { layers: [], predictions: true }
  const ofPixels = await inspector.infer({ bytes, shape: [1, height, width, 3], ...wanted })
  t.ok(Buffer.concat(ofPixels.body).equals(Buffer.concat((await inspector.infer({ ...source, ...wanted })).body)))
})

t.test('what is not wanted is not computed; what can\'t be taken is refused', async t => {
  const inspector = inspectorOf(t, model)
  const wanted = { layers: [], predictions: false }
  const { options, ...image } = source
  t.match(await inspector.infer({ ...image, ...wanted }), { objects: [], tensors: [], body: [] })
  t.match(await inspector.infer({ ...image, ...wanted, options }), { objects: { length: (await detected(model)).length }, tensors: [] })
  await t.rejects(inspector.infer({ bytes: new Uint8Array(9), shape: [1, 3], ...wanted }), { name: 'TensorError' })
  await t.rejects(inspector.infer({ ...image, bytes: Buffer.from('text'), ...wanted }), { code: 'UNSUPPORTED_IMAGE' })
})
