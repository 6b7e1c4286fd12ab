import t from 'tap'
import { cocoIou, imageBoxes, IOU_THRESHOLDS, isOptional, matchImage } from '../../../cli/eval/coco-matching.ts'

const ALL = [0, 1e10] as const

t.test('computes the IoU of boxes', async t => {
  t.equal(cocoIou([0, 0, 10, 10], [5, 0, 10, 10], false), 1 / 3)
  t.equal(cocoIou([0, 0, 10, 10], [0, 0, 100, 100], true), 1, 'of a crowd, only the share of the detection counts')
  t.equal(cocoIou([0, 0, 10, 10], [10, 0, 10, 10], false), 0)
})

t.test('matches each object once, to the detection with the highest score', async t => {
  const truth = { bbox: [0, 0, 10, 10] as const, area: 100 }
  const boxes = imageBoxes([{ bbox: [0, 0, 10, 9], score: 0.5 }, { bbox: [0, 0, 10, 10], score: 0.9 }], [truth])
  const { detections, findable } = matchImage(boxes, ALL)
  t.equal(findable, 1)
  t.same(detections.map(({ score, outcomes }) => [score, outcomes[0]]), [[0.9, 'hit'], [0.5, 'miss']])
  t.equal(IOU_THRESHOLDS.length, 10)
})

t.test('ignores crowds and objects outside the range of areas', async t => {
  const crowd = { bbox: [0, 0, 50, 50] as const, area: 2500, iscrowd: 1 as const }
  const small = { bbox: [100, 100, 5, 5] as const, area: 25 }
  const boxes = [[0, 0, 10, 10], [20, 20, 10, 10], [100, 100, 5, 5]] as const
  const found = boxes.map((bbox, i) => ({ bbox, score: 0.9 - i / 10 }))
  const { detections, findable } = matchImage(imageBoxes(found, [crowd, small]), [32 ** 2, 1e10])
  t.equal(findable, 0)
  t.same(detections.map(({ outcomes }) => outcomes[0]), ['ignored', 'ignored', 'ignored'])
})

t.test('an ignored object need not be found, and matches any number of detections by their IoU', async t => {
  const difficult = { bbox: [0, 0, 10, 10] as const, area: 100, ignore: true }
  const found = [[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 2, 2]] as const
  const { detections, findable } = matchImage(imageBoxes(found.map((bbox, i) => ({ bbox, score: 0.9 - i / 10 })), [difficult]), ALL)
  t.equal(findable, 0)
  t.same(detections.map(({ outcomes }) => outcomes[0]), ['ignored', 'ignored', 'miss'])
  t.same([difficult, { ...difficult, ignore: false }].map(isOptional), [true, false])
})
