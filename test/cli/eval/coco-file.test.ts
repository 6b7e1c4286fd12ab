import t from 'tap'
import { readCocoFile } from '../../../cli/eval/coco-file.ts'

const IMAGE = { id: 1, file_name: 'a.jpg' }
const CAT = { id: 3, name: 'cat' }
const object = (more: object = {}) => ({ id: 1, image_id: 1, category_id: 3, bbox: [10, 20, 30, 40], ...more })

const read = (t: Pick<typeof import('tap')['default'], 'testdir'>, content: unknown) =>
  readCocoFile(`${t.testdir({ 'truth.json': typeof content === 'string' ? content : JSON.stringify(content) })}/truth.json`)

t.test('fills in what detection does not need', async t => {
  const file = { images: [IMAGE], annotations: [object({ id: undefined })], categories: [CAT], info: {} }
  t.same(await read(t, file), {
    images: [IMAGE],
    annotations: [{ image_id: 1, category_id: 3, bbox: [10, 20, 30, 40], area: 1200, iscrowd: 0 }],
    categories: [CAT],
    notes: []
  })
})

t.test('areas of masks, boolean and null values, a byte order mark and text for ids', async t => {
  const values = [{ iscrowd: true, area: 5 }, { id: 2, iscrowd: false, area: null }, { id: 3, iscrowd: 1 }, { id: 4, iscrowd: null }]
  const file = { images: [{ ...IMAGE, id: 'x' }], annotations: values.map(more => object({ image_id: 'x', ...more })), categories: [CAT] }
  const { annotations } = await read(t, `\uFEFF${JSON.stringify(file)}`)
  t.same(annotations.map(({ area, iscrowd }) => [area, iscrowd]), [[5, 1], [1200, 0], [1200, 1], [1200, 0]])
})

t.test('of equal ids the last counts, and a note says so', async t => {
  const { images, categories, annotations, notes, faults } = await read(t, {
    images: [IMAGE, { ...IMAGE, file_name: 'b.jpg' }],
    annotations: [object(), object({ category_id: 4 }), object({ id: 2, image_id: 9 }), object({ id: 3, category_id: 5 })],
    categories: [CAT, { id: 4, name: 'dog' }, { id: 4, name: 'wolf' }]
  })
  t.same(images, [{ id: 1, file_name: 'b.jpg' }])
  t.same(categories.map(({ name }) => name), ['cat', 'wolf'])
  t.same(annotations.map(annotation => annotation.category_id), [4, 4, 3, 5])
  t.same(notes, [
    '1 repeated image: each counts once',
    '1 repeated annotation id: each stands for the last annotation with it, as in pycocotools',
    '1 annotation ignored: image not listed',
    '1 annotation ignored: category not listed'
  ])
  t.same(faults, ['image id used more than once: 1', 'annotation id used more than once: 1', 'category id used more than once: 4'])
})

t.test('sizes of images, where the file has them', async t => {
  const images = [{ ...IMAGE, width: 640, height: 480 }, { id: 2, file_name: 'b.jpg', width: null }, { id: 3, file_name: 'c.jpg', width: '1', height: '2' }]
  const { sizes, ...dataset } = await read(t, { images, annotations: [], categories: [CAT] })
  t.same([...sizes!], [[1, { width: 640, height: 480 }]])
  t.same(dataset.images[1], { id: 2, file_name: 'b.jpg' })
})

t.test('names the first fault', async t => {
  const faults: [unknown, RegExp][] = [
    ['{"images": NaN}', /truth\.json: not JSON: .*NaN/],
    ['{', /truth\.json: not JSON: [^\n]+$/],
    [{ images: [IMAGE], annotations: [] }, /truth\.json: not a COCO instances file: categories: /],
    [{ images: [{ id: 1 }], annotations: [], categories: [] }, /: images: 0: file_name: /],
    [{ images: [], annotations: [], categories: [] }, /: images: /],
    [{ images: [IMAGE], annotations: [object({ bbox: [1, 2, 3] })], categories: [CAT] }, /: annotations: 0: bbox: /]
  ]
  for (const [content, message] of faults) await t.rejects(read(t, content), { name: 'CommandError', message })
  await t.rejects(readCocoFile(`${t.testdir({})}/none.json`), { message: /none\.json: no such file or directory$/ })
})
