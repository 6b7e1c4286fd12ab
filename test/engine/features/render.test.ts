import sharp from 'sharp'
import t from 'tap'
import { render, type Inspection } from '../../../engine/features/render.ts'
import type { Rendering } from '../../../engine/results.ts'
import { reduceChannels } from '../../../engine/features/reduce.ts'
import { Steps } from '../../../engine/steps.ts'
import { readSafetensors, safetensorsMetadata } from '../../../models/checkpoints/safetensors.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { listLayers } from '../../../models/layers.ts'
import { MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { seededFloats } from '../../support/seeded.ts'

const prepared = await new Steps(MODEL).preprocess({ bytes: photo('human-sample-face.jpg'), maxPixels: 50e6 })
const objects = [{ label: 'person', classId: 0, score: 0.84, box: [17, 0, 253, 256] as const }]
const allLayers = listLayers(MODEL, true)

function inspection (names: string): Inspection {
  const layers = chooseLayers(names, allLayers).map(info => {
    const count = info.shape.reduce((product, size) => product * size, 1)
    return { info, output: { dims: info.shape, data: seededFloats(info.name, count, u => 2 * u - 1) } }
  })
  return { config: MODEL, prepared, objects, layers }
}

const made = (names: string, format: Rendering['format'], rest: Partial<Rendering> = {}) =>
  render(inspection(names), { format, values: false, channels: 9, reduce: 'l2', ...rest }).then(bytes => Buffer.from(bytes))

t.test('json: statistics, the warp and the boxes; values on request', async t => {
  const reply = JSON.parse((await made('p5,head', 'json')).toString())
  t.match(reply, {
    model: 'nanodet-m-416',
    image: { width: 256, height: 256 },
    warp: { scale: [1.625, 1.625], pad: [0, 0] },
    detections: [{ label: 'person', class_id: 0, score: 0.84, box: { x1: 17, y1: 0, x2: 253, y2: 256 } }],
    layers: [{ name: 'fpn.p5', alias: 'p5', shape: [1, 96, 13, 13], stride: 32, statistics: { min: Number, percentiles: { p50: Number }, non_finite: 0 } }, { name: 'head' }]
  })
  t.notOk('values' in reply.layers[0])
  const { layers: [{ values }] } = JSON.parse((await made('p5', 'json', { values: true })).toString())
  t.same(Float32Array.from(values), inspection('p5').layers[0]!.output.data)
})

t.test('npz and safetensors hold the layers under the names asked for, and what was found', async t => {
  const names = ['p5', 'backbone.stage4', 'boxes', 'scores', 'class_ids', 'scale', 'pad']
  const npz = (await made('p5,backbone.stage4', 'npz')).toString('latin1')
  for (const name of names) t.ok(npz.includes(`${name}.npy`), name)
  const file = await made('p5,backbone.stage4', 'safetensors')
  const { __metadata__: metadata, ...entries } = JSON.parse(file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE())))
  t.same(Object.keys(entries).toSorted(), names.toSorted())
  t.match(metadata, { model: 'nanodet-m-416', layers: '{"p5":"fpn.p5","backbone.stage4":"backbone.stage4"}', warp: '{"scale":[1.625,1.625],"pad":[0,0]}', labels: /traffic light/ })
})

t.test('maps: one value per cell of every feature map, and no other layer', async t => {
  const file = await made('stage2,head,backbone.stage4', 'maps', { reduce: 'max' })
  const { parameters } = readSafetensors(file)
  t.same([...parameters].map(([name, { shape }]) => [name, shape]), [['stage2', [52, 52]], ['backbone.stage4', [13, 13]]])
  const [{ output }] = inspection('backbone.stage4').layers as [Inspection['layers'][number]]
  t.same(parameters.get('backbone.stage4')!.data, reduceChannels({ shape: output.dims, data: output.data }, 'max'))
  t.match(safetensorsMetadata(file), {
    model: 'nanodet-m-416',
    reduce: 'max',
    strides: '{"stage2":8,"backbone.stage4":32}',
    warp: '{"scale":[1.625,1.625],"pad":[0,0]}',
    layers: '{"stage2":"backbone.stage2","backbone.stage4":"backbone.stage4"}',
    image: '{"width":256,"height":256}'
  })
  t.ok((await made('*', 'maps')).length < 1.5e6, 'all layers')
  await t.rejects(made('head', 'maps'), { name: 'FeaturesError', message: 'maps: none of the requested layers is a feature map' })
  await t.rejects(made('p5', 'maps', { reduce: 96 }), { name: 'FeaturesError', message: /channel 96/ })
})

t.test('npy is one layer', async t => {
  t.match((await made('p5', 'npy')).toString('latin1', 0, 80), /NUMPY.*\(1, 96, 13, 13\)/s)
  await t.rejects(made('p4,p5', 'npy'), { name: 'FeaturesError', message: /one layer, not 2/ })
})

t.test('pictures, one below the other', async t => {
  const one = await sharp(await made('p5', 'overlay')).metadata()
  const two = await sharp(await made('p5,p4', 'overlay', { reduce: 'eigen' })).metadata()
  t.match(one, { format: 'jpeg', width: 640 })
  t.ok(two.height! > 2 * one.height!)
  t.match(await sharp(await made('p5', 'png')).metadata(), { format: 'png' })
})

t.test('what is no map cannot be drawn, but reported on', async t => {
  await t.rejects(made('head', 'png'), { name: 'NotAMapError' })
  await t.rejects(made('head', 'overlay'), { name: 'NotAMapError' })
  await t.rejects(made('p5', 'overlay', { reduce: 500 }), { name: 'FeaturesError', message: /channel 500/ })
  const [p5, head] = JSON.parse((await made('p5,head', 'report')).toString())
  t.match(p5.overlay, /^data:image\/jpeg;base64,\/9j\//)
  t.notOk('overlay' in head)
})
