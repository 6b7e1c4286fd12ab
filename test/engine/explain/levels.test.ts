import t from 'tap'
import { levelsOf, placeOf, pointOf } from '../../../engine/explain/levels.ts'
import { centerPriors } from '../../../head/decode/priors.ts'

const SIZE = { width: 96, height: 64 }
const STRIDES = [8, 16, 32, 64]
const levels = levelsOf(STRIDES, SIZE)

t.test('each point has a place, and the place has the point', async t => {
  t.same(levels.at(-1), { stride: 64, width: 2, height: 1 })
  for (const [point, { x, y, stride }] of centerPriors(SIZE, STRIDES, 0).entries()) {
    const place = placeOf(levels, point)
    if (pointOf(levels, place) !== point) t.fail(`point ${point}`)
    t.same([place.column * stride, place.row * stride, levels[place.level]!.stride], [x, y, stride])
  }
})

t.test('a point beyond the last level', async t => {
  t.throws(() => placeOf(levels, 96 + 24 + 6 + 2), { message: 'point 128 is beyond the last level' })
})
