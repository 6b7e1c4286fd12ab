import t from 'tap'
import { judge } from '../../../engine/explain/judge.ts'

const cells = [{ input_box: [0, 0, 10, 10] }, { input_box: [0, 0, 10, 8] }, { input_box: [20, 0, 30, 10] }] as const
const candidates = [
  { cell: 0, class_id: 0, score: 0.9 }, { cell: 1, class_id: 0, score: 0.8 }, { cell: 1, class_id: 1, score: 0.7 },
  { cell: 2, class_id: 0, score: 0.6 }, { cell: 2, class_id: 1, score: 0.1 }
]
const options = { scoreThreshold: 0.1, iouThreshold: 0.6, maxDetections: 2 }
const states = (more: object) => judge(candidates, cells, { ...options, ...more }).map(({ state }) => state)

t.test('the state of each candidate', async t => {
  t.same(judge(candidates, cells, options), [
    { ...candidates[0], state: 'kept' },
    { ...candidates[1], state: 'suppressed', by: 0, iou: 0.8 },
    { ...candidates[2], state: 'kept' },
    { ...candidates[3], state: 'beyond_maximum' },
    { ...candidates[4], state: 'below_threshold' } // the threshold is exclusive
  ])
})

t.test('states change with the options, and earlier ones do not matter', async t => {
  t.same(states({ maxDetections: 9, iouThreshold: 0.8 }), ['kept', 'kept', 'kept', 'kept', 'below_threshold'])
  t.same(states({ scoreThreshold: 0.75 }), ['kept', 'suppressed', 'below_threshold', 'below_threshold', 'below_threshold'])
  t.same(judge(judge(candidates, cells, { ...options, scoreThreshold: 1 }), cells, options), judge(candidates, cells, options))
})

t.test('only wanted classes', async t => {
  t.same(judge(candidates, cells, { ...options, classes: [1] }).map(({ cell, state }) => [cell, state]), [[1, 'kept'], [2, 'below_threshold']])
})
