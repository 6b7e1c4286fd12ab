import t from 'tap'
import { judge } from '../../../engine/explain/judge.ts'
import { verdictOf } from '../../../engine/explain/verdict.ts'
import type { Corners } from '../../../engine/explain/explanation.ts'

const LABELS = ['cat', 'dog', 'cow']
const REGION: Corners = [100, 100, 140, 140]
/** Overlaps of boxes with the region: 1, 0.8, 0.5, 0.3. */
const EXACT: Corners = REGION
const GOOD: Corners = [100, 100, 132, 140]
const FAIR: Corners = [100, 100, 120, 140]
const LOOSE: Corners = [100, 100, 112, 140]

interface Situation {
  /** Class, score, box; best first. */
  boxes?: ReadonlyArray<readonly [classId: number, score: number, box: Corners]>
  region?: Corners
  expected?: number
  /** Ranks of stage2, stage3, stage4. */
  ranks?: readonly number[]
  /** Best score in the region by class. */
  best?: readonly number[]
  options?: { score_threshold?: number, iou_threshold?: number, max_detections?: number }
}

function judged (situation: Situation) {
  const { boxes = [], region = REGION, expected, ranks = [0.99, 0.99, 0.99], best = [0.05, 0.04, 0.03], options = {} } = situation
  const given = { score_threshold: 0.35, iou_threshold: 0.6, max_detections: 100, ...options }
  const thresholds = { scoreThreshold: given.score_threshold, iouThreshold: given.iou_threshold, maxDetections: given.max_detections }
  const cells = boxes.map(([, , box], column) => ({ level: 0, column, row: 0, box, input_box: box }))
  const candidates = judge(boxes.map(([classId, score], cell) => ({ cell, class_id: classId, score })), cells, thresholds)
  const levels = [{ stride: 8, width: 52, height: 52 }]
  const layers = ranks.map((rank, i) => ({ layer: `stage${i + 2}`, name: `backbone.stage${i + 2}`, stride: 8, response: 1, rank }))
  const scores = best.map((score, classId) => ({ class_id: classId, label: LABELS[classId]!, score, column: 0, row: 0 }))
  return verdictOf({ candidates, cells, labels: LABELS, levels, options: given }, {
    box: region,
    input_box: region,
    ...(expected !== undefined && { class_id: expected }),
    layers: [...layers, { layer: 'p3', name: 'fpn.p3', stride: 8, response: 1, rank: 0 }],
    levels: [{ stride: 8, cells: 1, best: scores }]
  })
}

t.test('found: the kept box that fits best', async t => {
  t.same(judged({ boxes: [[0, 0.9, FAIR], [1, 0.8, EXACT]] }),
    { kind: 'found', sentence: 'Found: dog (0.80).', candidate: 1, class_id: 1, label: 'dog', score: 0.8 })
  t.match(judged({ boxes: [[0, 0.9, LOOSE]] }), { kind: 'found', sentence: /^Found: cat \(0\.90\), whose box .* 0\.30\.$/ })
  t.match(judged({ boxes: [[0, 0.9, LOOSE], [1, 0.2, FAIR]], expected: 0 }), { kind: 'found', class_id: 0 })
  t.match(judged({ boxes: [[0, 0.9, [100, 100, 108, 140]]] }), { kind: 'not_recognized' }, 'an IoU of 0.2 is too low')
})

t.test('suppressed: a suppressed box that fits much better than the kept one', async t => {
  const options = { iou_threshold: 0.4 }
  t.same(judged({ boxes: [[0, 0.9, FAIR], [0, 0.8, EXACT]], options }), {
    kind: 'suppressed',
    sentence: 'Suppressed: this cat (0.80) overlaps another (0.90) by an IoU of 0.50; the maximum is 0.4.',
    candidate: 1,
    class_id: 0,
    label: 'cat',
    score: 0.8,
    by: 0,
    iou: 0.5
  })
  t.match(judged({ boxes: [[0, 0.9, GOOD], [0, 0.8, EXACT]], options }), { kind: 'found', candidate: 0 }, 'a good match is enough')
  t.match(judged({ boxes: [[0, 0.9, [100, 100, 126, 140]], [0, 0.8, [100, 100, 130, 140]]], options }), { kind: 'found', candidate: 0 }, 'not much better')
})

t.test('beyond the maximum', async t => {
  const boxes = [[1, 0.9, [0, 0, 50, 50]], [0, 0.8, EXACT]] as const
  t.match(judged({ boxes, options: { max_detections: 1 } }), { kind: 'beyond_maximum', candidate: 1, score: 0.8 })
  t.match(judged({ boxes, options: { max_detections: 2 } }), { kind: 'found' })
})

t.test('taken for another class, only if a class is expected', async t => {
  const boxes = [[1, 0.8, GOOD], [0, 0.2, EXACT]] as const
  t.same(judged({ boxes, expected: 0, best: [0.2, 0.8, 0] }),
    { kind: 'taken_for', sentence: 'Taken for dog (0.80); cat has 0.20 here.', candidate: 0, class_id: 1, label: 'dog', score: 0.8 })
  t.match(judged({ boxes, expected: 2 }), { kind: 'taken_for', sentence: 'Taken for dog (0.80); cow has less than 0.1 here.' })
  t.match(judged({ boxes }), { kind: 'found', label: 'dog' })
  t.match(judged({ boxes: [[1, 0.8, LOOSE], [0, 0.2, EXACT]], expected: 0 }), { kind: 'below_threshold' }, 'a loose match comes last')
  t.match(judged({ boxes: [[1, 0.8, LOOSE]], expected: 0 }), { kind: 'taken_for', sentence: /IoU of only 0\.30/ })
})

t.test('below the threshold: the best score that fits', async t => {
  t.same(judged({ boxes: [[0, 0.3, FAIR], [1, 0.2, EXACT]] }), {
    kind: 'below_threshold',
    sentence: 'Below the threshold: cat (0.30) would appear at a threshold of 0.29.',
    candidate: 0,
    class_id: 0,
    label: 'cat',
    score: 0.3
  })
  t.match(judged({ boxes: [[0, 0.3, FAIR], [1, 0.2, EXACT]], expected: 1 }), { candidate: 1, label: 'dog' })
  t.match(judged({ boxes: [[0, 0.09, EXACT]] }), { kind: 'not_recognized' }, 'scores below 0.1 mean nothing')
  t.match(judged({ boxes: [[1, 0.8, LOOSE], [0, 0.2, EXACT]] }), { kind: 'below_threshold' }, 'it fits better than the detection')
})

t.test('below the threshold, and hidden at a lower one', async t => {
  const kept = [0, 0.9, [100, 100, 108, 140]] as const
  const options = { iou_threshold: 0.15 }
  const lone = { boxes: [kept, [0, 0.2, EXACT]], options } as const
  t.match(judged(lone), { kind: 'suppressed', sentence: /^Suppressed even at a lower threshold: this cat \(0\.20\) overlaps another \(0\.90\)/, by: 0 })
  t.match(judged({ ...lone, boxes: [...lone.boxes, [1, 0.15, EXACT]] }), { kind: 'below_threshold', label: 'dog' }, 'another class would appear')
  t.match(judged({ boxes: [[1, 0.9, [0, 0, 9, 9]], [0, 0.2, EXACT]], options: { max_detections: 1 } }),
    { kind: 'below_threshold', sentence: /a threshold of 0\.19 and with a maximum above 1\.$/ })
})

t.test('too small for the finest cells', async t => {
  t.same(judged({ region: [10, 10, 14.33, 30], ranks: [0, 0, 0] }), {
    kind: 'too_small',
    sentence: "Too small: its shorter side is 4.3 pixels in the network's input, and the finest cells have 8.",
    pixels: 4.3
  })
  t.match(judged({ region: [10, 10, 18, 30], ranks: [0, 0, 0] }), { kind: 'not_seen' })
  t.match(judged({ boxes: [[0, 0.9, [10, 10, 14, 30]]], region: [10, 10, 14, 30] }), { kind: 'found' }, 'boxes come first')
})

t.test('stages: not seen, faded, or seen', async t => {
  t.match(judged({ ranks: [0.5, 0.8, 0.6] }), { kind: 'not_seen', sentence: /at least 19 %|at least 20 %/ })
  t.match(judged({ ranks: [0.95, 0.92, 0.6] }), { kind: 'faded', layer: 'stage4' })
  t.match(judged({ ranks: [0.95, 0.2, 0.6] }), { kind: 'faded', layer: 'stage3' })
  t.match(judged({ ranks: [0.5, 0.2, 0.9] }), { kind: 'not_recognized' }, 'the last stage counts')
})

t.test('not recognized: the best class, and the expected one', async t => {
  t.same(judged({}), { kind: 'not_recognized', sentence: 'Seen, but not recognized: the best class here is cat (0.05).', class_id: 0, label: 'cat', score: 0.05 })
  t.match(judged({ expected: 1 }), { sentence: /cat \(0\.05\); dog has 0\.04\.$/ })
  t.match(judged({ expected: 0 }), { sentence: /cat \(0\.05\)\.$/ })
  t.match(judged({ best: [0.8, 0, 0] }), { sentence: /^Seen, but not recognized as one object: the best class here is cat/ })
  t.match(judged({ ranks: [] }), { kind: 'not_recognized', sentence: /^Not recognized:/ }, 'stages of ONNX files are unknown')
})
