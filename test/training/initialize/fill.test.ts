import t from 'tap'
import { constant, kaiming, kaimingByGroup, normalOf, torchDefault, within, xavier, type Fill } from '../../../training/initialize/fill.ts'
import { random } from '../../../training/random.ts'
import { deviationOf } from '../../support/initial.ts'

const draw = (fill: Fill): number[] => {
  const next = random('fill')
  return Array.from({ length: 10_000 }, () => fill(next))
}
const isNear = (value: number, expected: number): boolean => Math.abs(value / expected - 1) < 0.05

t.test('constants, normal numbers and numbers within a limit', async t => {
  t.same(new Set(draw(constant(3))), new Set([3]))
  t.ok(isNear(deviationOf(draw(normalOf(0.2))), 0.2))
  const values = draw(within(0.5))
  t.ok(Math.max(...values) < 0.5 && Math.min(...values) > -0.5)
  t.ok(isNear(deviationOf(values), 0.5 / Math.sqrt(3)))
})

t.test('the deviation of a weight depends on its shape as in PyTorch', async t => {
  const deviation = (fill: Fill): number => deviationOf(draw(fill))
  const dense = [64, 32, 3, 3]
  t.ok(isNear(deviation(kaiming(dense, '')), Math.sqrt(2 / (64 * 9))))
  t.ok(isNear(deviation(xavier(dense, '')), Math.sqrt(2 / ((64 + 32) * 9))))
  t.ok(isNear(deviation(torchDefault(dense, '')), Math.sqrt(1 / (3 * 32 * 9))))
  t.ok(isNear(deviation(xavier([10, 40], '')), Math.sqrt(2 / 50)))
})

t.test('without groups, a depthwise convolution counts as dense', async t => {
  const depthwise = [64, 1, 3, 3]
  t.ok(isNear(deviationOf(draw(kaiming(depthwise, ''))), Math.sqrt(2 / (64 * 9))))
  t.ok(isNear(deviationOf(draw(kaimingByGroup(depthwise, ''))), Math.sqrt(2 / 9)))
  t.ok(isNear(deviationOf(draw(kaimingByGroup([64, 32, 1, 1], ''))), Math.sqrt(2 / 64)))
})
