import t from 'tap'
import { describeExplanation, type ExplainedPhoto } from '../../cli/explanation-text.ts'

const explained: ExplainedPhoto = {
  file: 'a.jpg',
  model: 'nanodet-m-416',
  image: { width: 20, height: 10 },
  detections: [{ label: 'dog', class_id: 1, score: 0.9, box: { x1: 0, y1: 0, x2: 1, y2: 2.25 } }],
  timing: { decode_ms: 0, preprocess_ms: 0, inference_ms: 0, postprocess_ms: 0, total_ms: 0 },
  input: { width: 8, height: 8 },
  warp: { scale: [1, 1], pad: [0, 0] },
  options: { score_threshold: 0.3, iou_threshold: 0.6, max_detections: 100 },
  labels: ['cat', 'dog'],
  complete_above: 0.0123456,
  offset: 0.5,
  levels: [{ stride: 8, width: 1, height: 1 }],
  cells: [{ level: 0, column: 3, row: 4, box: [0, 0, 1, 2.25], input_box: [0, 0, 1, 1] }],
  candidates: [
    { cell: 0, class_id: 1, score: 0.9, state: 'kept' },
    { cell: 0, class_id: 1, score: 0.8, state: 'suppressed', by: 0, iou: 0.7777 },
    { cell: 0, class_id: 0, score: 0.2, state: 'below_threshold' }
  ]
}
const region = {
  box: [1, 2, 3, 4] as const,
  input_box: [1, 2, 3, 4] as const,
  class_id: 0,
  layers: [{ layer: 'stage2', name: 'backbone.stage2', stride: 8, response: 1.5, rank: 0.876 }],
  levels: [{ stride: 8, cells: 1, best: [{ class_id: 1, label: 'dog', score: 0.9, column: 3, row: 4 }] }],
  verdict: { kind: 'found' as const, sentence: 'Found: dog (0.90).' }
}

t.test('a table of candidates', async t => {
  const text = describeExplanation(explained, 10)
  t.match(text, /^a\.jpg: 20×10, 1 object, 3 candidates above 0\.0123\n/)
  t.match(text, /│ 0 │ dog +│ +0\.90 │ +8 │ 3, 4 │ 0\.0 │ 0\.0 │ 1\.0 │ 2\.3 │ kept /)
  t.match(text, /│ 1 │ dog .*│ suppressed by 0 \(IoU 0\.78\) │/)
  t.match(text, /│ 2 │ cat .*│ below threshold +│/)
  t.notMatch(describeExplanation(explained, 2), /cat/)
  t.equal(describeExplanation({ ...explained, candidates: [], detections: [] }, 2), 'a.jpg: 20×10, 0 objects, 0 candidates above 0.0123\n')
})

t.test('a region', async t => {
  const text = describeExplanation({ ...explained, region }, 1)
  t.match(text, '\nregion 1,2,3,4, expected: cat\n')
  t.match(text, /│ stage2 │ +8 │ +1\.5 │ 88 % │/)
  t.match(text, /│ +8 │ +1 │ dog 0\.900 +│/)
  t.ok(text.endsWith('\nFound: dog (0.90).\n'))
  const { class_id: _, ...unexpected } = region
  t.notMatch(describeExplanation({ ...explained, region: { ...unexpected, layers: [] } }, 1), /expected|stage2/)
})

t.test('the cells that raised a score', async t => {
  const layer = { name: 'fpn.p3', stride: 8, width: 3, height: 2 }
  const cells = Array.from({ length: 5 }, (_, i) => ({ column: i, row: 1, share: 0.1234 }))
  const layers = [{ ...layer, layer: 'p3', in_box: 0.925, cells }, { ...layer, layer: 'p4', in_box: null, cells: [] }]
  const cam = { class_id: 1, label: 'dog', score: 0.9, input_box: [0, 0, 1, 1] as const, layers }
  const text = describeExplanation({ ...explained, cam }, 2)
  t.match(text, '\nwhat raised the score of dog 0.90\n')
  t.match(text, /│ p3 +│ +8 │ +9[23] % │ 0, 1 \(12\.3 %\) {2}1, 1 .*3, 1 \(12\.3 %\) │/)
  t.match(text, /│ p4 +│ +8 │ +│ none +│/)
  t.match(describeExplanation({ ...explained, cam: { ...cam, layers: [] } }, 2), /what raised the score of dog 0\.90\n$/)
})
