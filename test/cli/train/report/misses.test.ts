import t from 'tap'
import { worstMisses } from '../../../../cli/train/report/misses.ts'
import type { CocoBox } from '../../../../cli/eval/ground-truth.ts'

const object = (image: number, category: number, bbox: CocoBox, more = {}) =>
  ({ image_id: image, category_id: category, bbox, area: bbox[2] * bbox[3], ...more })
const found = (image: number, category: number, bbox: CocoBox, score = 0.9) => ({ image_id: image, category_id: category, bbox, score })
const A: CocoBox = [0, 0, 10, 10]
const B: CocoBox = [50, 50, 10, 10]
const truth = {
  images: [0, 1, 2].map(id => ({ id, file_name: `${id}.jpg` })),
  annotations: [object(0, 0, A), object(1, 0, A), object(1, 1, B), object(2, 0, A, { iscrowd: 1 })],
  categories: [{ id: 0, name: 'star' }, { id: 1, name: 'ring' }]
}
const worst = (results: Parameters<typeof worstMisses>[1]) => worstMisses(truth, results, { score: 0.35, iou: 0.5 })
  .map(({ image, missed, wrong }) => [image, missed.length, wrong.map(({ score }) => score)])

t.test('the photo with the most mistakes first', async t => {
  t.same(worst([]), [[1, 2, []], [0, 1, []]])
  t.same(worst([found(0, 0, A), found(1, 0, A), found(1, 1, B)]), [])
  t.same(worst([found(0, 1, A), found(1, 0, A), found(1, 1, B)]), [[0, 1, [0.9]]], 'another class')
  t.same(worst([found(0, 0, A), found(1, 0, A), found(1, 1, B), found(1, 1, B, 0.4)]), [[1, 0, [0.4]]], 'found twice')
  t.same(worst([found(0, 0, A), found(1, 0, A), found(1, 1, B), found(1, 1, A, 0.2)]), [], 'scores below the threshold')
  t.same(worst([found(0, 0, A), found(1, 0, A), found(1, 1, B), found(2, 0, [1, 1, 3, 3])]), [], 'inside a crowd')
})
