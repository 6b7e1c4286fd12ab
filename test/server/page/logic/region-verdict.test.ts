import t from 'tap'
import type { Cell, RegionExplanation } from '../../../../engine/explain/explanation.ts'
import {
  judgedRegion, keyOf, layerTitle, MEANINGS, rankText, verdictKey
} from '../../../../server/page/logic/region-verdict.ts'
import { VERDICTS } from '../../../../engine/explain/explanation.ts'
import { thresholdBelow } from '../../../../engine/explain/sentences.ts'
import type { ExplainReply } from '../../../../server/page/logic/server.ts'

const CELL: Cell = { level: 0, column: 3, row: 2, box: [40, 30, 80, 70], input_box: [20, 15, 40, 35] }
const BEST = { class_id: 1, label: 'dog', score: 0.234, column: 3, row: 2 }
const REGION: RegionExplanation = {
  box: CELL.box,
  input_box: CELL.input_box,
  layers: [{ layer: 'stage2', name: 'backbone.stage2', stride: 8, response: 1, rank: 0.5 }],
  levels: [{ stride: 8, cells: 6, best: [BEST] }],
  verdict: { kind: 'not_seen', sentence: 'Of other thresholds.' }
}
const EXPLANATION = {
  model: 'a',
  image: { width: 200, height: 100 },
  detections: [],
  timing: {},
  input: { width: 100, height: 50 },
  labels: ['cat', 'dog'],
  options: { score_threshold: 0.35, iou_threshold: 0.6, max_detections: 100 },
  levels: [{ stride: 8, width: 13, height: 7 }],
  cells: [CELL],
  candidates: [{ cell: 0, class_id: 1, score: 0.234, state: 'below_threshold' }],
  region: REGION
} as unknown as ExplainReply

t.test('the verdict follows the thresholds of the page', async t => {
  const low = judgedRegion(EXPLANATION, { score: 0.35, iou: 0.6, max: 100 })!
  t.equal(low.verdict.kind, 'below_threshold')
  t.equal(verdictKey(EXPLANATION, low), '0-3-2-1')
  const found = judgedRegion(EXPLANATION, { score: thresholdBelow(low.verdict.score!), iou: 0.6, max: 100 })!
  t.equal(found.verdict.kind, 'found')
  t.equal(found.candidates[0]!.state, 'kept')
})

t.test('without a candidate, the verdict has no key', async t => {
  const judged = judgedRegion({ ...EXPLANATION, cells: [], candidates: [] }, { score: 0.35, iou: 0.6, max: 100 })!
  t.equal(judged.verdict.kind, 'not_seen')
  t.equal(verdictKey(EXPLANATION, judged), undefined)
})

t.test('without a region, nothing is judged', async t => {
  const { region: _region, ...plain } = EXPLANATION
  t.equal(judgedRegion(plain, { score: 0.35, iou: 0.6, max: 100 }), undefined)
})

t.test('a listed cell of a level has a key', async t => {
  t.equal(keyOf(EXPLANATION, 0, BEST), '0-3-2-1')
  t.equal(keyOf(EXPLANATION, 1, BEST), undefined)
  t.equal(keyOf(EXPLANATION, 0, { ...BEST, class_id: 0 }), undefined)
})

t.test('a threshold of two digits is below the score', async t => {
  t.equal(thresholdBelow(0.2349), 0.23)
  t.equal(thresholdBelow(0.23), 0.22)
})

t.test('every verdict has a meaning; layers and ranks have words', async t => {
  t.same(Object.keys(MEANINGS).sort(), [...VERDICTS].sort())
  t.equal(layerTitle('stage3'), 'stage 3')
  t.equal(layerTitle('p4'), 'level p4')
  t.equal(rankText(0.839), 'stronger than 84 % of the other cells')
})
