import { join } from 'node:path'
import t from 'tap'
import { coco } from '../../../bulk/formats/coco.ts'
import { COCO_LABELS } from '../../../models/labels.ts'
import { convert, failedLine, LINES, linesOf, resultLine, TIE } from '../../support/bulk-lines.ts'

const PERSON_BOX = [46.6957, 64.9256, 648.9073, 633.5499]
const TIE_BOX = [258.0717, 535.7818, 100.7445, 164.2182]
const TRUTH = { images: [{ id: 'one', file_name: 'a/1.jpg' }], categories: [{ id: 7, name: 'Tie' }] }
const annotations = join(t.testdir({ 'instances.json': JSON.stringify(TRUTH) }), 'instances.json')

t.test('images have the numbers of their lines, and a file says so', async t => {
  const { read, notes } = await convert(t, coco, LINES)
  t.same(JSON.parse(read('results.coco.json')), [
    { image_id: 1, category_id: 1, bbox: PERSON_BOX, score: 0.824235 },
    { image_id: 1, category_id: 2, bbox: TIE_BOX, score: 0.711906 },
    { image_id: 4, category_id: 2, bbox: TIE_BOX, score: 0.711906 }
  ])
  t.same(JSON.parse(read('images.coco.json')), {
    info: { description: 'nanodet detect' },
    images: [[1, 'a/1.jpg'], [2, 'a/empty.jpg'], [4, 'a.zip!/a/1.jpg']].map(([id, file]) => ({ id, file_name: file, width: 700, height: 800 })),
    annotations: [],
    categories: [{ id: 1, name: 'person' }, { id: 2, name: 'tie' }]
  })
  t.same(notes, [])
})

t.test('categories have COCO\'s ids for its labels', async t => {
  const { read } = await convert(t, coco, linesOf(resultLine('1.jpg', { ...TIE, class_id: 27 })), { labels: COCO_LABELS })
  t.match(JSON.parse(read('results.coco.json')), [{ category_id: 32 }])
  t.match(JSON.parse(read('images.coco.json')).categories[79], { id: 90, name: 'toothbrush' })
})

t.test('a run without objects is an empty list', async t => {
  const { read } = await convert(t, coco, linesOf(resultLine('1.jpg'), failedLine('2.jpg')))
  t.equal(read('results.coco.json'), '[]')
  t.equal(JSON.parse(read('images.coco.json')).images.length, 1)
})

t.test('ids of annotations take the place of numbers', async t => {
  const lines = linesOf(resultLine('photos/a/1.jpg', TIE), resultLine('photos/b/2.jpg', TIE))
  const { store, read, notes } = await convert(t, coco, lines, { annotations })
  t.same(JSON.parse(read('results.coco.json')), [{ image_id: 'one', category_id: 7, bbox: TIE_BOX, score: 0.711906 }])
  t.notOk(await store.exists('images.coco.json'))
  t.same(notes, [`left out 1 image that ${annotations} does not list`, `left out 1 class that ${annotations} does not list`])
})
