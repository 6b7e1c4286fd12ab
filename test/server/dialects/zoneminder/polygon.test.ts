import t from 'tap'
import type { Box } from '../../../../head/decode/boxes.ts'
import { touches, type Point } from '../../../../server/dialects/zoneminder/polygon.ts'

const BOX: Box = [10, 10, 20, 20]

t.test('a polygon touches a box', async t => {
  const cases: Array<[polygon: Point[], expected: boolean, why: string]> = [
    [[[0, 0], [30, 0], [30, 30], [0, 30]], true, 'around it'],
    [[[14, 14], [16, 14], [15, 16]], true, 'within it'],
    [[[0, 0], [15, 15], [0, 15]], true, 'with a corner in it'],
    [[[0, 14], [30, 15], [0, 16]], true, 'across it, with no corner in it'],
    [[[0, 0], [10, 10], [0, 10]], true, 'at its corner'],
    [[[20, 0], [30, 0], [30, 30], [20, 30]], true, 'along its edge'],
    [[[0, 0], [9, 0], [9, 9]], false, 'beside it'],
    [[[0, 21], [30, 21], [30, 30]], false, 'below it'],
    [[[0, 25], [25, 0], [0, 0]], true, 'with an edge over its corner'],
    [[[0, 18], [18, 0], [0, 0]], false, 'with an edge past its corner'],
    [[[0, 0], [40, 0], [40, 40], [0, 40], [0, 30], [30, 30], [30, 5], [0, 5]], false, 'like a C around it']
  ]
  for (const [polygon, expected, why] of cases) {
    t.equal(touches(polygon, BOX), expected, why)
    t.equal(touches(polygon.toReversed(), BOX), expected, `${why}, the other way round`)
  }
})
