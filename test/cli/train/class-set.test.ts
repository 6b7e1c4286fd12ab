import { PassThrough } from 'node:stream'
import t from 'tap'
import { readClassSets } from '../../../cli/train/class-set.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { photo } from '../../support/files.ts'

const PHOTO = photo('sample-me.jpg')
const folder = t.testdir({
  photos: { cat: { 'a.jpg': PHOTO, deep: { 'b.jpg': PHOTO } }, dog: { 'c.jpg': PHOTO, 'notes.txt': '' }, owl: {}, '.git': {}, 'loose.jpg': PHOTO },
  val: { cat: { 'd.jpg': 'no picture' } },
  'list.csv': 'file,class\ncat/a.jpg,pet\ndog/c.jpg\n',
  'missing.txt': 'x.jpg cat\n'
})
const read = (options: Partial<TrainOptions>) => readClassSets({ images: `${folder}/photos`, ...options } as TrainOptions, { stdout: new PassThrough(), stderr: new PassThrough(), quiet: true })

t.test('a folder per class; files below it belong to it', async t => {
  const { train, validation } = await read({})
  t.same(train.photos, [
    { file: 'cat/a.jpg', label: 'cat' }, { file: 'cat/deep/b.jpg', label: 'cat' }, { file: 'dog/c.jpg', label: 'dog' }, { file: 'loose.jpg', label: '' }
  ])
  t.same([train.folder, train.empty, validation], [`${folder}/photos`, ['owl'], undefined])
  t.match(train.facts.get('dog/c.jpg'), { hash: /^[0-9a-f]{64}$/ })
})

t.test('a list; a set to validate, with a photo that can\'t be read', async t => {
  const { train, validation } = await read({ annotations: `${folder}/list.csv`, valImages: `${folder}/val` })
  t.same(train.photos, [{ file: 'cat/a.jpg', label: 'pet' }, { file: 'dog/c.jpg', label: '' }])
  t.same(train.empty, [])
  t.type(validation!.facts.get('cat/d.jpg'), 'string')
})

t.test('what can\'t be read', async t => {
  await t.rejects(read({ images: `${folder}/none` }), { name: 'CommandError', message: /none: no such/ })
  await t.rejects(read({ annotations: `${folder}/missing.txt` }), { name: 'CommandError', message: /1 of 1 image missing: x\.jpg/ })
  await t.rejects(read({ valImages: `${folder}/val`, valShare: 0.3 }), { name: 'UsageError', message: '--val-share: not with --val-images or --val-annotations' })
})
