import { join } from 'node:path'
import t from 'tap'
import { annotatedIds, numberedIds } from '../../../bulk/formats/coco-ids.ts'
import { LABELS } from '../../support/bulk-lines.ts'

t.test('without annotations, images and categories are numbered', async t => {
  const ids = numberedIds(LABELS)
  t.same([ids.image('a.jpg', 3), ids.category(1), ids.category(2)], [3, 2, undefined])
  t.same(ids.categories, [{ id: 1, name: 'person' }, { id: 2, name: 'tie' }])
})

t.test('notes count what the annotations lack', async t => {
  const images = [{ id: 5, file_name: '1.jpg' }]
  const path = join(t.testdir({ 'all.json': JSON.stringify({ images, categories: [{ id: 9, name: 'dog' }] }) }), 'all.json')
  const ids = await annotatedIds(path, ['cat', 'Dog', 'tie'])
  t.same([ids.image('1.jpg', 1), ids.image('2.jpg', 2), ids.image('3.jpg', 3), ids.category(0), ids.category(1)], [5, undefined, undefined, undefined, 9])
  t.same(ids.notes(), [`left out 2 images that ${path} does not list`, `left out 2 classes that ${path} does not list`])
})

t.test('refuses annotations of other classes', async t => {
  const path = join(t.testdir({ 'all.json': JSON.stringify({ images: [], categories: [{ id: 9, name: 'dog' }] }) }), 'all.json')
  const message = `${path}: the data set has none of the classes of the model: dog against person, tie`
  await t.rejects(annotatedIds(path, LABELS), { name: 'SourceError', message })
})
