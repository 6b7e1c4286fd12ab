import t from 'tap'
import { augmentationFor, detectionDefaults, microBatchOf } from '../../../cli/train/detection-defaults.ts'

t.test('fewer photos are seen more often', async t => {
  t.same([10, 50, 200, 1000, 2000].map(photos => detectionDefaults(photos, false).epochs), [60, 20, 5, 11, 12])
})

t.test('weights that are kept need less training', async t => {
  t.equal(detectionDefaults(100, false).freeze, 'stage2')
  t.equal(detectionDefaults(100, true).freeze, 'none')
})

t.test('parts of a batch', async t => {
  t.same([1, 2, 3, 5, 6, 8, 16].map(batch => microBatchOf(batch, false)), [1, 2, 3, 1, 3, 4, 4])
  t.same([8, 16, 5].map(batch => microBatchOf(batch, true)), [8, 8, 5])
})

t.test('mosaics on request', async t => {
  t.equal(augmentationFor().mosaic, 0)
  t.equal(augmentationFor(0.5).mosaic, 0.5)
})
