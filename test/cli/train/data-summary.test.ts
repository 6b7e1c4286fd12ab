import t from 'tap'
import { classCounts, hardships } from '../../../cli/train/data-summary.ts'
import { detectionData, type DetectionData } from '../../../cli/train/detection-data.ts'
import { labeledSet } from '../../support/labeled-photos.ts'

const INPUT = { width: 100, height: 100 }
type Counts = readonly [discs: number, squares: number, side?: number]
const times = (count: number, category: number, side: number) =>
  Array.from({ length: count }, () => [[category, [0, 0, side, side]] as const])
const photos = ([discs, squares, side = 20]: Counts) => labeledSet([...times(discs, 1, side), ...times(squares, 2, side)])
const data = (train: Counts, validation: Counts): DetectionData => detectionData(photos(train), photos(validation))

t.test('objects of each class', async t => {
  const some = data([3, 1], [0, 2])
  t.same(classCounts(some.train, some.labels), [3, 1])
})

t.test('what makes learning hard', async t => {
  t.same(hardships(data([20, 20], [5, 5]), INPUT), [])
  t.same(hardships(data([20, 0], [5, 0]), INPUT), ['1 class without objects to train on: square'])
  t.same(hardships(data([20, 3], [0, 5]), INPUT), [
    '1 class with fewer than 10 objects to train on: square', '1 class without objects to validate on: they do not count in AP: disc'
  ])
  t.same(hardships(data([20, 20], [0, 0]), INPUT), [], 'without validation, nothing is missing there')
  t.same(hardships(data([20, 20, 7], [5, 5]), INPUT), ['40 of 40 objects smaller than 8 pixels in an input of 100×100: a larger --size finds them better'])
})
