import t from 'tap'
import { rankChannels } from '../../../../server/page/logic/channels.ts'

/** A photo of 8×4 in the middle of an input of 8×8, with cells of 2. */
const alignment = { image: { width: 8, height: 4 }, input: { width: 8, height: 8 }, warp: { scale: [1, 1], pad: [0, 2] } } as const
const padding = [9, -9, 9, -9]
const layer = (...channels: number[][]) =>
  ({ shape: [1, channels.length, 4, 4], data: Float32Array.from(channels.flatMap(values => [...padding, ...values, ...padding])) })
const feature = layer(
  [0, 0, 0, 0, 0, 0, 0, 0],
  [5, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 3, 0, 0, 0, 3],
  [1, 1, 1, 1, 1, 1, 1, 2]
)
const order = (place?: readonly [number, number, number, number]) => rankChannels(alignment, feature, place).map(({ channel }) => channel)

t.test('without a place, channels that vary most on the photo come first', async t => {
  t.same(order(), [1, 2, 3, 0])
  t.equal(rankChannels(alignment, feature)[3]!.rank, 0)
})

t.test('with a place, channels that respond more in it come first, by standard deviations', async t => {
  const ranked = rankChannels(alignment, feature, [6, 0, 8, 4])
  t.same(ranked.map(({ channel }) => channel), [2, 3, 0, 1])
  t.ok(Math.abs(ranked[0]!.rank - 3 / Math.sqrt(9 * 2 / 8 * 6 / 8)) < 1e-6)
  t.equal(ranked[2]!.rank, 0, 'a constant channel')
  t.equal(ranked[0]!.values.length, 16)
})

t.test('a place smaller than a cell is the nearest cell', async t => {
  t.same(order([0.2, 0.2, 0.4, 0.4])[0], 1)
  t.same(order([7.5, 3.5, 7.6, 3.6])[0], 3)
})

t.test('a place that covers the photo leaves nothing to compare with', async t => {
  t.ok(rankChannels(alignment, feature, [0, 0, 8, 4]).every(({ rank }) => rank === 0))
})
