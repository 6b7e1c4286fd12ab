import t from 'tap'
import { EMPTY, entriesOf, parseInstances, textOf } from '../../../server/feedback/instances.ts'

const images = Array.from({ length: 5000 }, (_, i) => ({ id: i + 1, file_name: `${i}.jpg`, width: 4, height: 3, license: 1 }))
const annotations = images.map(({ id }) => ({ id, image_id: id, category_id: 7, bbox: [0, 0, 1, 1], segmentation: [] }))
const file = { ...EMPTY, images, annotations, categories: [{ id: 7, name: 'dog', supercategory: 'animal' }] }

t.test('what is written is what is read, in pieces, with unknown fields', async t => {
  const parsed = parseInstances(JSON.stringify(file))
  const { images: _images, annotations: _annotations, ...others } = parsed
  const pieces = [...textOf(others, [...entriesOf(parsed).values()])]
  t.ok(pieces.length > 6)
  t.same(parseInstances(pieces.join('')), file)
  t.same(parseInstances([...textOf(EMPTY, [])].join('')), EMPTY)
})

t.test('faults are named', async t => {
  const wrong = (change: object): string => JSON.stringify({ ...file, ...change })
  t.throws(() => parseInstances('{'), { name: 'SyntaxError' })
  t.throws(() => parseInstances(wrong({ images: [{ id: 1 }] })), { message: /^images: 0: file_name: / })
  t.throws(() => parseInstances(wrong({ images: [...images, images[3]] })), { message: 'images: file_name 3.jpg occurs twice' })
  t.throws(() => parseInstances(wrong({ images: [...images, { ...images[3], file_name: 'x.jpg' }] })), { message: 'images: id 4 occurs twice' })
  t.throws(() => parseInstances(wrong({ categories: [...file.categories, { id: 7, name: 'cat' }] })), { message: 'categories: id 7 occurs twice' })
  t.throws(() => parseInstances(wrong({ categories: [] })), { message: 'annotation 1: its image or its category is not listed' })
  t.throws(() => parseInstances(wrong({ images: images.slice(1) })), { message: /^annotation 1: / })
})
