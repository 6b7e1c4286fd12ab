import t from 'tap'
import { DEFAULT_OPTIONS, SCORING_OPTIONS } from '../../engine/options.ts'

t.test('upstream\'s settings', async t => {
  t.same(DEFAULT_OPTIONS, { scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100 })
  t.same(SCORING_OPTIONS, { scoreThreshold: 0.05, iouThreshold: 0.6, maxDetections: 100 })
})
