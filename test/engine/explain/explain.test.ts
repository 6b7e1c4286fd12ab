import t from 'tap'
import { explain, minScore } from '../../../engine/explain/explain.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { Steps } from '../../../engine/steps.ts'
import { MAX_CANDIDATES } from '../../../head/decode/candidates.ts'
import { warpFor } from '../../../models/resize-mode.ts'
import { SMALL } from '../../support/model-files.ts'

const POINTS = 12 * 8 + 6 * 4 + 3 * 2
const VALUES = 3 + 32
const image = { width: 192, height: 96, format: 'png' } as const
const prepared = { image, warp: warpFor('letterbox', image, SMALL.input) }
const steps = new Steps(SMALL)

/** Of one pass with a logit for each point, and flat distributions. */
function explained (logitOf: (i: number) => number, more = {}) {
  const options = { ...DEFAULT_OPTIONS, ...more }
  const predictions = Float32Array.from({ length: POINTS * VALUES }, (_, i) => i % VALUES < 3 ? logitOf(i) : 0)
  const all = prepared as Parameters<typeof steps.candidates>[1]
  const candidates = steps.candidates(predictions, all, { ...options, scoreThreshold: minScore(options) })
  return explain({ config: SMALL, prepared: all, layout: steps.layout, predictions, candidates, options })
}

t.test('the cells, the candidates, and how the photo was fitted', async t => {
  const explanation = explained(i => i === 0 ? 2 : i === 97 * VALUES + 2 ? 3 : i === 97 * VALUES ? -4 : -9, { classes: [0, 2] })
  t.match(explanation, {
    input: { width: 96, height: 64 },
    warp: { scale: [0.5, 0.5], pad: [0, 8] },
    options: { score_threshold: 0.35, iou_threshold: 0.6, max_detections: 100, class_ids: [0, 2] },
    labels: ['cat', 'dog', 'cow'],
    complete_above: 0.01,
    offset: 0.5,
    levels: [{ stride: 8, width: 12, height: 8 }, { stride: 16, width: 6, height: 4 }, { stride: 32, width: 3, height: 2 }],
    cells: [{ level: 0, column: 0, row: 0 }, { level: 1, column: 1, row: 0 }]
  })
  t.same(explanation.candidates.map(({ cell, class_id: classId, state }) => [cell, classId, state]),
    [[1, 2, 'kept'], [0, 0, 'kept'], [1, 0, 'below_threshold']])
  const [{ box, input_box: inputBox }] = explanation.cells as [typeof explanation.cells[number]]
  t.same(inputBox, [0, 0, 32, 32])
  t.same(box, [0, 0, 64, 48])
})

t.test('without class ids if all classes count, and complete down to a lower threshold', async t => {
  const { options, complete_above: least, candidates } = explained(() => -9, { scoreThreshold: 0.0001 })
  t.notOk('class_ids' in options)
  t.equal(least, 0.0001)
  t.equal(candidates.length, 3 * POINTS)
})

t.test('of too many candidates, complete above the lowest', async t => {
  const wide = { ...SMALL, input: { width: 320, height: 320 } }
  const steps = new Steps(wide)
  const all = { ...prepared, warp: warpFor('stretch', image, wide.input) } as Parameters<typeof steps.candidates>[1]
  const predictions = Float32Array.from({ length: 2100 * VALUES }, (_, i) => i % VALUES < 3 ? Math.sin(i) : 0)
  const candidates = steps.candidates(predictions, all, { scoreThreshold: 0.01 })
  const explanation = explain({ config: wide, prepared: all, layout: steps.layout, predictions, candidates, options: DEFAULT_OPTIONS })
  t.equal(explanation.candidates.length, MAX_CANDIDATES)
  t.equal(explanation.complete_above, explanation.candidates.at(-1)!.score)
})
