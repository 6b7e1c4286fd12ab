import { PassThrough } from 'node:stream'
import t from 'tap'
import { filesById, isObject, readLabeledSets } from '../../../cli/train/labeled-set.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { labeledPhotos, labeledSet } from '../../support/labeled-photos.ts'

const io = { stdout: new PassThrough(), stderr: new PassThrough() }
const { photos, truth } = await labeledPhotos(2)
const read = (options: Partial<TrainOptions>) => readLabeledSets(options as TrainOptions, io)

t.test('one set, or another to validate: its folder or its annotations may be the same', async t => {
  const folder = t.testdir({ images: photos, other: { ...photos }, 'truth.json': JSON.stringify(truth), 'other.json': JSON.stringify({ ...truth, images: truth.images.slice(1) }) })
  const source = { images: `${folder}/images`, annotations: `${folder}/truth.json` }
  const { train, validation } = await read(source)
  t.equal(validation, undefined)
  t.match(train, { folder: source.images, dataset: { images: { length: 2 } } })
  t.match(train.photos.get('2.jpg'), { width: 96, height: 96 })
  t.match((await read({ ...source, valImages: `${folder}/other` })).validation, { folder: `${folder}/other`, dataset: { images: { length: 2 } } })
  t.match((await read({ ...source, valAnnotations: `${folder}/other.json` })).validation, { folder: source.images, dataset: { images: { length: 1 } } })
})

t.test('options that contradict each other', async t => {
  await t.rejects(read({ images: '.' }), { name: 'UsageError', message: /^--annotations: expected/ })
  await t.rejects(read({ images: '.', annotations: 'x', valImages: 'y', valShare: 0.1 }), { name: 'UsageError', message: /^--val-share: not with/ })
})

t.test('crowds and difficult objects are not to learn', async t => {
  const { dataset } = labeledSet([[[1, [0, 0, 9, 9]]]])
  const [object] = dataset.annotations
  t.ok(isObject(object!))
  t.notOk(isObject({ ...object!, iscrowd: 1 }))
  t.notOk(isObject({ ...object!, ignore: true }))
  t.same([...filesById(dataset)], [[0, '0.jpg']])
})
