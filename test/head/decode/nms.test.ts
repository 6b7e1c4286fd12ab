import t from 'tap'
import type { Box } from '../../../head/decode/boxes.ts'
import { bestFirst, fates, nms } from '../../../head/decode/nms.ts'

const found = (score: number, box: Box, classId = 0) => ({ classId, score, box })
const best = found(0.9, [0, 0, 10, 10])
const overlapping = found(0.8, [0, 0, 10, 8]) // IoU 0.8
const apart = found(0.7, [20, 0, 30, 10])

t.test('of boxes that overlap, the best stays', async t => {
  t.same(nms([apart, overlapping, best], 0.6, 100), [best, apart])
})

t.test('overlap of exactly the threshold is no overlap', async t => {
  t.same(nms([best, overlapping], 0.8, 100), [best, overlapping])
})

t.test('classes do not suppress each other', async t => {
  const other = { ...overlapping, classId: 1 }
  t.same(nms([best, other], 0.6, 100), [best, other])
})

t.test('what was suppressed suppresses nothing', async t => {
  const chained = found(0.6, [0, 0, 10, 5]) // IoU 0.5 with the best, 0.625 with the suppressed one
  t.same(nms([best, overlapping, chained], 0.6, 100), [best, chained])
})

t.test('no more than the limit, equal scores in their order', async t => {
  const twins = [found(0.5, [0, 20, 5, 25]), found(0.5, [50, 20, 55, 25])]
  t.same(nms([...twins, best], 0.6, 2), [best, twins[0]])
  t.same(nms([], 0.6, 2), [])
})

t.test('the fate of each box', async t => {
  const sorted = bestFirst([apart, overlapping, best, found(0.1, [50, 50, 60, 60])])
  t.same(sorted.map(({ score }) => score), [0.9, 0.8, 0.7, 0.1])
  t.same(fates(sorted, 0.6, 2), [{ state: 'kept' }, { state: 'suppressed', by: 0, iou: 0.8 }, { state: 'kept' }, { state: 'beyond_maximum' }])
  t.same(fates([], 0.6, 2), [])
})
