import t from 'tap'
import { ClassScorer } from '../../../cli/train/class-scorer.ts'

const photos = [0, 1, 2, 6].map(label => ({ path: `${label}.jpg`, label }))
const logits = (...values: number[]): Float32Array => Float32Array.from({ length: 7 }, (_, i) => values[i] ?? -10)

t.test('top-1 and top-5 accuracy', async t => {
  const scorer = new ClassScorer(photos)
  t.equal(scorer.score([logits(3, 2), logits(3, 2), logits(0, 0, 9), logits(5, 4, 3, 2, 1, 0)]), 0.5)
  t.same(scorer.measures, { 'top-1': 0.5, 'top-5': 0.75 })
})

t.test('of equal scores, the first class wins', async t => {
  const scorer = new ClassScorer(photos.slice(0, 2))
  t.equal(scorer.score([logits(1, 1), logits(1, 1)]), 0.5)
})
