import t from 'tap'
import { readLabeledImages } from '../../../cli/eval/labeled-images.ts'

const LABELS = ['cat', 'big dog', 'cow']

t.test('a folder per class, by label or id', async t => {
  const folder = t.testdir({ Cat: { 'a.jpg': '' }, big_dog: { sub: { 'b.jpg': '' } }, 2: { 'c.jpg': '' } })
  t.same(await readLabeledImages(folder, undefined, LABELS), {
    images: [{ file: '2/c.jpg', classId: 2 }, { file: 'Cat/a.jpg', classId: 0 }, { file: 'big_dog/sub/b.jpg', classId: 1 }], notes: []
  })
})

t.test('folders of other names stand for classes in alphabetical order if there are as many', async t => {
  const folder = t.testdir({ n03: { 'a.jpg': '' }, n01: { 'a.jpg': '' }, n02: { 'a.jpg': '' } })
  const { images, notes } = await readLabeledImages(folder, undefined, LABELS)
  t.same(images.map(({ file, classId }) => [file, classId]), [['n01/a.jpg', 0], ['n02/a.jpg', 1], ['n03/a.jpg', 2]])
  t.match(notes, [/alphabetical order/])
  await t.rejects(readLabeledImages(t.testdir({ n1: { 'a.jpg': '' } }), undefined, LABELS), { name: 'CommandError', message: /: the model has no class for n1$/ })
  await t.rejects(readLabeledImages(t.testdir({ cat: { 'a.jpg': '' }, 3: { 'b.jpg': '' }, x: { 'c.jpg': '' } }), undefined, LABELS), { message: /no class for 3, x$/ })
  await t.rejects(readLabeledImages(t.testdir({ 'a.jpg': '' }), undefined, LABELS), { message: /: expected a folder per class; not in one: a\.jpg$/ })
})

t.test('a list, with and without a header', async t => {
  const folder = t.testdir({
    images: { 'a.jpg': '', 'b.jpg': '' },
    'csv.csv': '\uFEFFfile,label\na.jpg,big dog\n\nb.jpg,"cow"\n',
    'text.txt': 'a.jpg 0\r\nb.jpg big dog\r\n',
    'wrong.csv': 'a.jpg,unicorn\nb.jpg\n',
    'lost.csv': 'a.jpg,cat\nc.jpg,cat\n',
    'empty.csv': 'file,label\n'
  })
  const read = async (name: string) => (await readLabeledImages(`${folder}/images`, `${folder}/${name}`, LABELS)).images.map(({ classId }) => classId)
  t.same(await read('csv.csv'), [1, 2])
  t.same(await read('text.txt'), [0, 1])
  await t.rejects(read('wrong.csv'), { message: 'wrong.csv:1: the model has no class unicorn; wrong.csv:2: expected a file and its class' })
  await t.rejects(read('lost.csv'), { message: /images: 1 of 2 images missing: c\.jpg$/ })
  await t.rejects(read('empty.csv'), { message: /empty\.csv: lists no images$/ })
})
