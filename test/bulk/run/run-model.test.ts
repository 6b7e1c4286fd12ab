import sharp from 'sharp'
import t from 'tap'
import { RunModel } from '../../../bulk/run/run-model.ts'
import { specOf, type ImageFiles } from '../../../bulk/run/spec-of.ts'
import { findArtifact } from '../../../cli/target.ts'
import { readSafetensors } from '../../../models/checkpoints/safetensors.ts'
import { photo } from '../../support/files.ts'
import { ownModels } from '../../support/own-models.ts'

const bytes = await sharp(photo('sample-me.jpg')).resize(200).jpeg().toBuffer()
const { folder } = ownModels(t)
const artifact = await findArtifact({ model: `${folder}/small.yml` })
const OPTIONS = { scoreThreshold: 0.01, iouThreshold: 0.6, maxDetections: 3 }

async function open (files: Partial<ImageFiles> = {}, options = {}) {
  const spec = await specOf(artifact, OPTIONS, { draw: false, crop: false, features: [], ...files })
  const model = await RunModel.open(artifact, spec, { workers: 1, ...options })
  t.teardown(() => model.close())
  return model
}

t.test('objects, drawings, crops and layers', async t => {
  const model = await open()
  const plain = await model.find(bytes)
  t.match(plain, { output: { image: { width: 200 }, objects: { length: 3 } }, drawing: undefined, crops: [], features: undefined })
  await t.rejects(model.find(Buffer.from('text')), { name: 'ImageError', code: 'UNSUPPORTED_IMAGE' })
  const looking = await (await open({ features: ['stage2'] })).find(bytes)
  t.same(looking.output.objects, plain.output.objects)
  t.ok(readSafetensors(looking.features!).parameters.has('stage2'))
  const all = await (await open({ draw: true, crop: true, features: ['stage2', 'stage3'] })).find(bytes)
  t.same(all.output.objects, plain.output.objects)
  t.match(await sharp(all.drawing).metadata(), { format: 'jpeg', width: 200 })
  t.equal(all.crops.length, 3)
  for (const crop of all.crops) t.match(await sharp(crop).metadata(), { format: 'jpeg' })
  t.ok(['stage2', 'stage3'].every(name => readSafetensors(all.features!).parameters.has(name)))
})

t.test('an image that no worker survives is tried twice', async t => {
  const hasty = await open({}, { jobTimeout: 1 })
  const large = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: 'gray' } }).png().toBuffer() // far longer than 1 ms
  await t.rejects(hasty.find(large), { name: 'WorkerError', ended: true, message: /no answer within 1 ms/ })
})

t.test('models that can\'t do it', async t => {
  const classifier = await findArtifact({ model: `${folder}/kinds.json` })
  await t.rejects(RunModel.open(classifier, await specOf(classifier, OPTIONS, { draw: false, crop: false, features: [] }), { workers: 1 }), { name: 'WrongTaskError' })
  await t.rejects(open({ features: ['stage9'] }), { name: 'UnknownLayerError' })
})
