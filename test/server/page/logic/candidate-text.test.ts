import t from 'tap'
import type { ExplainedCandidate } from '../../../../engine/explain/explanation.ts'
import { countText, listText, nameOf, stateText } from '../../../../server/page/logic/candidate-text.ts'

const scored = { cell: 0, class_id: 1, score: 0.753 }

t.test('a name has the label and the score', async t => t.equal(nameOf({ labels: ['cat', 'stop sign'] }, { ...scored, state: 'kept' }), 'stop sign 0.75'))

t.test('states in words', async t => {
  const candidates: ExplainedCandidate[] = [
    { ...scored, state: 'kept' }, { ...scored, state: 'suppressed', by: 0, iou: 0.966 },
    { ...scored, state: 'below_threshold' }, { ...scored, state: 'beyond_maximum' }
  ]
  t.same(candidates.map(candidate => stateText(candidate, { score: 0.35, max: 7 })), [
    'Kept', 'Suppressed (IoU 0.97)', 'Below the score threshold 0.35', 'Left out: 7 better boxes reach the maximum'
  ])
})

t.test('the list says where it ends', async t => {
  const candidates = [{ ...scored, state: 'kept' as const }]
  t.equal(listText({ candidates, complete_above: 0.01 }, 0.35), 'The sliders choose from the best 1 candidate box, down to a score of 0.01.')
  t.equal(listText({ candidates: [...candidates, ...candidates], complete_above: 0.02345 }, 0.02),
    'The sliders choose from the best 2 candidate boxes, down to a score of 0.023. Boxes with lower scores are missing.')
})

t.test('counts in words', async t => {
  t.equal(countText([], 0), 'No objects above the score threshold')
  t.equal(countText(['cat'], 1), '1 object: cat')
  t.equal(countText(['cat', 'dog'], 3), '3 objects: cat, dog')
})
