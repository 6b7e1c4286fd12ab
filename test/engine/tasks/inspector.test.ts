import t, { type Test } from 'tap'
import { CHUNK_BYTES } from '../../../engine/chunks.ts'
import { SCORING_OPTIONS } from '../../../engine/options.ts'
import type { Chunks, InferOutput } from '../../../engine/results.ts'
import { Steps } from '../../../engine/steps.ts'
import { DetectPipeline } from '../../../engine/tasks/detect-pipeline.ts'
import { Inspector } from '../../../engine/tasks/inspector.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
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

const inspect = (inspector: Inspector, names: string) => inspector.inspect({
  ...source,
  layers: chooseLayers(names, layers),
  rendering: { format: 'safetensors', values: false, channels: 64, reduce: 'l2' }
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
