import t from 'tap'
import { readYoloFiles } from '../../../cli/eval/yolo-files.ts'
import { photo } from '../../support/files.ts'

const OPTIONS = { classNames: undefined, fallback: ['one', 'two'] }
const PHOTO = photo('sample-me.jpg') // 700 × 700

t.test('labels beside the images\' folder, names from data.yaml', async t => {
  const folder = t.testdir({
    images: { val: { 'me.jpg': PHOTO, 'empty.jpg': PHOTO, 'none.jpg': PHOTO } },
    labels: { val: { 'me.txt': '1 0.5 0.5 0.2 0.4\n', 'empty.txt': '', 'other.txt': '' } },
    'data.yaml': 'names: [cat, dog]'
  })
  const truth = await readYoloFiles(`${folder}/images/val`, `${folder}/data.yaml`, OPTIONS)
  t.same(truth.images.map(({ file_name: file }) => file), ['empty.jpg', 'me.jpg', 'none.jpg'])
  t.same(truth.categories, [{ id: 0, name: 'cat' }, { id: 1, name: 'dog' }])
  t.match(truth.annotations, [{ image_id: 'me.jpg', category_id: 1, bbox: [280, 210, 140, 280] }])
  t.match(truth.notes, [/labels\/val: 1 image without a label file: no objects there$/, /labels\/val: 1 label file without an image: ignored$/])
  t.same(await readYoloFiles(`${folder}/images/val`, `${folder}/labels/val`, OPTIONS),
    { ...truth, notes: [`class names: ${folder}/data.yaml`, ...truth.notes] })
})

t.test('names of the user, of the model; labels among the images, or in labels/ beside them', async t => {
  const folder = t.testdir({ photos: { 'me.jpg': PHOTO, 'me.txt': '0 0.5 0.5 1 1' } })
  const read = (classNames?: string) => readYoloFiles(`${folder}/photos`, `${folder}/photos`, { ...OPTIONS, classNames })
  t.same((await read('a,b')).categories.map(({ name }) => name), ['a', 'b'])
  const { categories, notes } = await read()
  t.same(categories.map(({ name }) => name), ['one', 'two'])
  t.match(notes, [/^no class names found: class ids are taken for those of the model/])
  const other = t.testdir({ photos: { 'me.jpg': PHOTO, 'me.txt': '0 0.5 0.5 1 1' }, 'my.yaml': 'names: [x]' })
  t.equal((await readYoloFiles(`${other}/photos`, `${other}/my.yaml`, OPTIONS)).annotations.length, 1)
})

t.test('names files and lines that can\'t be used', async t => {
  const folder = t.testdir({ images: { 'a.jpg': PHOTO, 'b.jpg': 'text' }, wrong: { 'a.txt': '0 1\n' }, five: { 'a.txt': '5 0.5 0.5 1 1' }, b: { 'b.txt': '0 .5 .5 1 1' }, empty: {} })
  const read = (labels: string) => readYoloFiles(`${folder}/images`, `${folder}/${labels}`, OPTIONS)
  await t.rejects(read('wrong'), { name: 'CommandError', message: /wrong\/a\.txt:1: expected class x y/ })
  await t.rejects(read('five'), { name: 'CommandError', message: /five\/a\.txt: class 5, but only 2 class names$/ })
  await t.rejects(read('b'), { name: 'CommandError', message: /images\/b\.jpg: / })
  await t.rejects(readYoloFiles(`${folder}/images`, `${folder}/five`, { ...OPTIONS, fallback: undefined }), {
    message: /five: no class names found: give them with --class-names$/
  })
  await t.rejects(read('empty'), { name: 'CommandError', message: /empty: no label files for the images in / })
})
