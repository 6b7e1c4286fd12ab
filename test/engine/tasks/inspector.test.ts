import t, { type Test } from 'tap'
import { SCORING_OPTIONS } from '../../../engine/options.ts'
import { CHUNK_BYTES } from '../../../engine/processes/protocol.ts'
import type { Chunks } from '../../../engine/results.ts'
import { DetectPipeline } from '../../../engine/tasks/detect-pipeline.ts'
import { Inspector } from '../../../engine/tasks/inspector.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { listLayers } from '../../../models/layers.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'
import type { NetworkModel } from '../../../models/model.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'

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
