import t from 'tap'
import { classConfusion, detectionConfusion, NOTHING } from '../../../cli/eval/confusion.ts'
import type { CocoBox } from '../../../cli/eval/ground-truth.ts'

const A: CocoBox = [0, 0, 10, 10]
const B: CocoBox = [100, 0, 10, 10]
const C: CocoBox = [200, 0, 10, 10]
const CROWD: CocoBox = [300, 0, 100, 100]

const truth = (category: number, bbox: CocoBox, more: object = {}) => ({ image_id: 1, category_id: category, bbox, area: 100, ...more })
const found = (category: number, bbox: CocoBox, score = 0.9) => ({ image_id: 1, category_id: category, bbox, score })

t.test('pairs boxes whatever their classes, the largest overlap first', async t => {
  const data = {
    images: [{ id: 1, file_name: 'a.jpg' }, { id: 2, file_name: 'b.jpg' }],
    annotations: [truth(1, A), truth(2, B), truth(2, C), truth(1, CROWD, { iscrowd: 1 }), truth(9, A)],
    categories: ['cat', 'dog', 'cow'].map((name, i) => ({ id: i + 1, name }))
  }
  const results = [
    found(2, [0, 0, 10, 8]), found(1, A), // both on A: the exact box wins, the other is left over
    found(1, B), // a dog as a cat
    found(1, [300, 0, 10, 10]), // in the crowd
    found(2, C, 0.3), // not confident
    found(9, C)
  ]
  t.same(detectionConfusion(data, results, { score: 0.35, iou: 0.5 }), {
    labels: ['cat', 'dog', NOTHING],
    counts: [[1, 0, 0], [1, 0, 1], [0, 1, 0]]
  })
})

t.test('of a classifier, without classes that do not occur', async t => {
  t.same(classConfusion(['cat', 'dog', 'cow'], [[0, 0], [0, 2], [2, 2]]), { labels: ['cat', 'cow'], counts: [[1, 1], [0, 1]] })
})
