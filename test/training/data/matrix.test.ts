import t from 'tap'
import { apply, inverse, matrixOf, scaling, times, translation, warpOf, type Matrix } from '../../../training/data/matrix.ts'

const GENERAL: Matrix = [1.2, 0.3, 5, -0.2, 0.9, 7, 0.001, -0.002, 1]
const near = (a: readonly number[], b: readonly number[]) => a.every((value, i) => Math.abs(value - b[i]!) < 1e-9)

t.test('a product applies its second factor first', async t => {
  t.same(apply(times(translation(1, 2), scaling(3, 4)), 10, 10), [31, 42])
  t.same(apply(times(scaling(3, 4), translation(1, 2)), 10, 10), [33, 48])
})

t.test('the inverse leads back', async t => {
  const [x, y] = apply(GENERAL, 12, 34)
  t.ok(near(apply(inverse(GENERAL), x, y), [12, 34]))
})

t.test('matrices that move, scale and flip are warps; others are not', async t => {
  const warp = { scaleX: -2, scaleY: 3, offsetX: 4, offsetY: 5 }
  t.same(warpOf(matrixOf(warp)), warp)
  t.equal(warpOf(GENERAL), undefined)
})
