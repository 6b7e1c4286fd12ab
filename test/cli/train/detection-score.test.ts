import t from 'tap'
import { DetectionScorer } from '../../../cli/train/detection-score.ts'

const TRUTH = {
  images: [{ id: 0, file_name: 'a' }, { id: 1, file_name: 'b' }],
  annotations: [{ image_id: 1, category_id: 0, bbox: [10, 10, 20, 20], area: 400 }],
  categories: [{ id: 0, name: 'star' }]
} as const

t.test('COCO\'s AP of what is found, in the order of the photos', async t => {
  const scorer = new DetectionScorer(TRUTH)
  const star = { classId: 0, label: 'star', score: 0.9, box: [10, 10, 30, 30] } as const
  t.equal(scorer.score([[], [star]]), 1)
  t.same(scorer.measures, { AP: 1, AP50: 1 })
  t.equal(scorer.score([[star], []]), 0)
  const near = scorer.score([[], [{ ...star, box: [12, 10, 32, 30] }]])
  t.ok(near > 0.5 && near < 1)
  t.equal(scorer.measures['AP50'], 1)
})
