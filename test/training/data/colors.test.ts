import t from 'tap'
import { jitterColors } from '../../../training/data/colors.ts'
import { random } from '../../../training/random.ts'

/** Random numbers: for each change, a coin, and if that is 1, the place in the range. */
const script = (...values: number[]) => () => values.shift()!
const jittered = (pixels: number[], numbers: number[]) => {
  const bytes = Uint8Array.from(pixels)
  jitterColors(bytes, { brightness: 0.2, contrast: [0.6, 1.4], saturation: [0.5, 1.2] }, script(...numbers))
  return [...bytes]
}

t.test('each change by itself', async t => {
  t.same(jittered([0, 100, 250], [0, 0, 0]), [0, 100, 250], 'none')
  t.same(jittered([0, 100, 250], [1, 1, 0, 0]), [51, 151, 255], 'brighter by a fifth of the range')
  t.same(jittered([0, 100, 250], [0, 1, 0, 0]), [0, 60, 150], 'less contrast')
  t.same(jittered([0, 100, 200], [0, 0, 1, 0]), [100, 150, 200], 'half as saturated')
  t.same(jittered([0, 100, 255, 250, 100, 0, 5, 255, 0], [0, 0, 1, 1]), [0, 69, 255, 250, 70, 0, 0, 255, 0], 'more saturated, clipped')
})

t.test('all changes at once, rounded once', async t => {
  t.same(jittered([10, 100, 200], [1, 0.5, 1, 0.5, 1, 0.5]), [39, 115, 200])
})

t.test('the same numbers make the same pixels', async t => {
  const run = () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i)
    jitterColors(bytes, { brightness: 0.2, contrast: [0.6, 1.4], saturation: [0.5, 1.2] }, random('colors'))
    return bytes
  }
  t.same(run(), run())
})
