import t from 'tap'
import { categoryCurves, mean, RECALL_THRESHOLDS } from '../../../cli/eval/precision-curve.ts'
import type { Outcome } from '../../../cli/eval/coco-matching.ts'

const detection = (score: number, outcome: Outcome) => ({ score, outcomes: Array<Outcome>(10).fill(outcome) })

t.test('precision at each recall, never rising; ignored detections don\'t count', async t => {
  const images = [
    { detections: [detection(0.9, 'hit'), detection(0.7, 'ignored')], findable: 1 },
    { detections: [detection(0.8, 'miss'), detection(0.6, 'hit')], findable: 1 }
  ]
  const { precision, recall, objects } = categoryCurves(images, 100)!
  t.equal(objects, 2)
  t.same(recall, Array(10).fill(1))
  t.same([0, 50, 51, 100].map(i => precision[0]![i]), [1, 1, 2 / 3, 2 / 3])
  t.equal(categoryCurves(images, 1)!.recall[0], 0.5, 'one detection per image')
  t.equal(categoryCurves([{ detections: [], findable: 0 }], 100), undefined)
  t.equal(RECALL_THRESHOLDS.length, 101)
})

t.test('the mean of nothing is -1', async t => t.same([mean([]), mean([1, 2])], [-1, 1.5]))
