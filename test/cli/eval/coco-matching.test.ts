import t from 'tap'
import { cocoIou, imageBoxes, IOU_THRESHOLDS, matchImage } from '../../../cli/eval/coco-matching.ts'

const ALL = [0, 1e10] as const

t.test('overlap, in COCO\'s boxes of corner, width and height', async t => {
  t.equal(cocoIou([0, 0, 10, 10], [5, 0, 10, 10], false), 1 / 3)
  t.equal(cocoIou([0, 0, 10, 10], [0, 0, 100, 100], true), 1, 'of a crowd, only the share of the detection counts')
  t.equal(cocoIou([0, 0, 10, 10], [10, 0, 10, 10], false), 0)
})

t.test('each truth is given once, to the best detection', async t => {
  const truth = { bbox: [0, 0, 10, 10] as const, area: 100 }
  const boxes = imageBoxes([{ bbox: [0, 0, 10, 9], score: 0.5 }, { bbox: [0, 0, 10, 10], score: 0.9 }], [truth])
  const { detections, findable } = matchImage(boxes, ALL)
  t.equal(findable, 1)
  t.same(detections.map(({ score, outcomes }) => [score, outcomes[0]]), [[0.9, 'hit'], [0.5, 'miss']])
  t.equal(IOU_THRESHOLDS.length, 10)
})

t.test('crowds, and what lies outside the range of areas, are ignored', async t => {
  const crowd = { bbox: [0, 0, 50, 50] as const, area: 2500, iscrowd: 1 as const }
  const small = { bbox: [100, 100, 5, 5] as const, area: 25 }
  const boxes = [[0, 0, 10, 10], [20, 20, 10, 10], [100, 100, 5, 5]] as const
  const found = boxes.map((bbox, i) => ({ bbox, score: 0.9 - i / 10 }))
  const { detections, findable } = matchImage(imageBoxes(found, [crowd, small]), [32 ** 2, 1e10])
  t.equal(findable, 0)
  t.same(detections.map(({ outcomes }) => outcomes[0]), ['ignored', 'ignored', 'ignored'])
})
