import t from 'tap'
import { COLORS, colorize, levelOf } from '../../../engine/features/color-map.ts'

const color = (level: number): number[] => [...COLORS.subarray(level * 3, level * 3 + 3)]

t.test('the colors are those of the published map', async t => {
  const published: Array<[level: number, rgb: number[]]> = [
    [0, [0.001462, 0.000466, 0.013866]], [128, [0.735683, 0.215906, 0.330245]], [255, [0.988362, 0.998364, 0.644924]]
  ]
  for (const [level, rgb] of published) t.same(color(level), rgb.map(share => Math.round(share * 255)), `level ${level}`)
  t.equal(COLORS.length, 257 * 3)
})

t.test('no level is darker than the one before, and no step is a jump', async t => {
  const weights = [0.2126, 0.7152, 0.0722]
  const luminance = (level: number): number => color(level).reduce((sum, value, i) => sum + (value / 255) ** 2.2 * weights[i]!, 0)
  for (let level = 1; level < 256; level++) {
    const step = luminance(level) - luminance(level - 1)
    t.ok(step > -1e-3 && step < 0.02, `level ${level}`)
  }
})

t.test('levels span the range and are clamped to it', async t => {
  t.strictSame([-1, 0, 1, 2, 3, 4, 4.1, 9].map(value => levelOf(value, 0, 4)), [0, 0, 64, 128, 191, 255, 255, 255])
  t.strictSame([levelOf(-Infinity, 0, 4), levelOf(Infinity, 0, 4), levelOf(NaN, 0, 4)], [0, 255, 256])
  t.equal(levelOf(7, 7, 7), 0, 'a constant is the lowest')
})

t.test('values become bytes', async t => {
  t.same([...colorize([-1, 3, NaN], 0, 3)], [0, 0, 4, 252, 255, 164, 0, 255, 255])
})
