import t from 'tap'
import type { ExplainedCandidate } from '../../../../engine/explain/explanation.ts'
import type { ExplainReply } from '../../../../server/page/logic/server.ts'
import { candidateKey, countClasses, isShown, judged, smallestAt } from '../../../../server/page/logic/shown.ts'

const cells = [
  { level: 0, column: 1, row: 2, box: [0, 0, 10, 10], input_box: [0, 0, 10, 10] },
  { level: 1, column: 3, row: 4, box: [0, 0, 10, 9], input_box: [0, 0, 10, 9] }
]
const candidates: ExplainedCandidate[] = [{ cell: 0, class_id: 1, score: 0.8, state: 'kept' }, { cell: 1, class_id: 1, score: 0.5, state: 'kept' }]
const explanation = { cells, candidates } as unknown as ExplainReply

t.test('thresholds decide which candidates are kept', async t => {
  t.match(judged(explanation, { score: 0.35, iou: 0.6, max: 100 }), [{ state: 'kept' }, { state: 'suppressed', by: 0, iou: 0.9 }])
  t.match(judged(explanation, { score: 0.6, iou: 0.6, max: 100 }), [{ state: 'kept' }, { state: 'below_threshold' }])
  t.match(judged(explanation, { score: 0.35, iou: 0.95, max: 1 }), [{ state: 'kept' }, { state: 'beyond_maximum' }])
})

t.test('the same thresholds give the same answer, without judging again', async t => {
  const limits = { score: 0.35, iou: 0.6, max: 100 }
  const first = judged(explanation, limits)
  t.equal(judged(explanation, { ...limits }), first)
  for (const other of [{ score: 0.4 }, { iou: 0.7 }, { max: 99 }]) t.not(judged(explanation, { ...limits, ...other }), first)
  t.not(judged({ ...explanation }, limits), first)
})

t.test('keys name level, column, row and class', async t => t.equal(candidateKey(explanation, candidates[1]!), '1-3-4-1'))

t.test('kept candidates are counted by class', async t => {
  const counts = countClasses([...candidates, { cell: 1, class_id: 0, score: 0.1, state: 'below_threshold' }], ['cat', 'dog'])
  t.same([...counts], [['dog', 2]])
})

t.test('all classes are shown if none is chosen', async t => {
  t.ok(isShown('cat', []))
  t.ok(isShown('cat', ['cat']))
  t.notOk(isShown('cat', ['dog']))
})

t.test('the smallest box under a point is found', async t => {
  const boxes = [{ box: [0, 0, 10, 10] }, { box: [2, 2, 4, 4] }] as const
  t.equal(smallestAt(boxes, 3, 3), boxes[1])
  t.equal(smallestAt(boxes, 8, 8), boxes[0])
  t.equal(smallestAt(boxes, 11, 3), undefined)
})
