import t from 'tap'
import { Inspector } from '../../../engine/tasks/inspect.ts'
import { SCORING_OPTIONS } from '../../../engine/options.ts'
import { Pipeline } from '../../../engine/tasks/detect.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { listLayers } from '../../../models/layers.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { photo } from '../../support/files.ts'
import { MODEL, SOURCE } from '../../support/server.ts'

const layers = listLayers(MODEL, true)
const model = await readModel(SOURCE)
const source = { bytes: photo('sample2.jpg'), maxPixels: 50e6 }

const inspect = (inspector: Inspector, names: string) => inspector.inspect({
  type: 'features',
  model: MODEL.name,
  ...source,
  options: SCORING_OPTIONS,
  layers: chooseLayers(names, layers),
  rendering: { format: 'safetensors', values: false, channels: 64, reduce: 'l2' }
})

/** The bytes of one tensor in a safetensors file. */
function tensorOf (file: Uint8Array, name: string): Buffer {
  const bytes = Buffer.from(file)
  const start = 8 + Number(bytes.readBigUInt64LE())
  const [from, to] = JSON.parse(bytes.toString('utf8', 8, start))[name].data_offsets
  return bytes.subarray(start + from, start + to)
}

t.test('with all layers as outputs, the boxes are those of POST /detect to the bit', async t => {
  const pipeline = await Pipeline.load(model, 1)
  const { detections } = await pipeline.detect(source, SCORING_OPTIONS)
  const result = await inspect(new Inspector(model, 1), '*')
  t.ok(detections.length > 10)
  t.strictSame(result.detections, detections)
})

t.test('a layer is the same, whatever else is asked for', async t => {
  const inspector = new Inspector(model, 1)
  const read = async (names: string): Promise<Buffer> => tensorOf((await inspect(inspector, names)).body, 'fpn.lateral_convs.0')
  const alone = await read('fpn.lateral_convs.0')
  t.equal(alone.length, 4 * 96 * 52 * 52)
  t.ok(alone.equals(await read('fpn.lateral_convs.0,stage2,stage4')))
})

t.test('more sets of layers than are kept: the oldest goes, and comes again', async t => {
  const inspector = new Inspector(model, 1)
  const first = (await inspect(inspector, 'p3')).body
  for (const names of ['p4', 'p5', 'stage2', 'stage3']) await inspect(inspector, names)
  t.strictSame((await inspect(inspector, 'p3')).body, first)
})

t.test('in int8 the boxes are those of POST /detect, too; the layers are float', async t => {
  const int8 = await readModel(builtInArtifacts('int8')[0]!)
  const { detections } = await (await Pipeline.load(int8, 1)).detect(source, SCORING_OPTIONS)
  const layer = 'fpn.lateral_convs.0'
  const [inspected, float] = [await inspect(new Inspector(int8, 1), layer), await inspect(new Inspector(model, 1), layer)]
  t.strictSame(inspected.detections, detections)
  t.notSame(inspected.detections, float.detections)
  t.ok(tensorOf(inspected.body, layer).equals(tensorOf(float.body, layer)))
})
