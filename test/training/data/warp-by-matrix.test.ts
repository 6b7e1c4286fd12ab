import t from 'tap'
import { warpFor } from '../../../models/resize-mode.ts'
import { warpPixels } from '../../../engine/image/warp.ts'
import { matrixOf, scaling, times, translation, type Matrix } from '../../../training/data/matrix.ts'
import { warpByMatrix } from '../../../training/data/warp-by-matrix.ts'
import { noise } from '../../support/noise.ts'

const INPUT = { width: 64, height: 48 }
/** So little of a turn that no pixel changes, but the general code runs. */
const HARDLY: Matrix = [1, 1e-13, 0, 0, 1, 0, 0, 0, 1]
const TARGET = { canvas: INPUT, padded: INPUT }
const difference = (a: Uint8Array, b: Uint8Array) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

t.test('a general warp samples as the fast one does, inside and across the edges', async t => {
  const photo = noise(50, 40)
  for (const matrix of [matrixOf(warpFor('letterbox', photo, INPUT)), scaling(3, 0.5), translation(-20.3, 7.7), times(translation(60, 0), scaling(-1.3, 1))]) {
    t.ok(difference(warpByMatrix(photo, matrix, TARGET), warpByMatrix(photo, times(HARDLY, matrix), TARGET)) <= 1, String(matrix))
  }
})

t.test('without a change, it is the warp that serving uses', async t => {
  const photo = noise(50, 40)
  const { canvas, padded, ...warp } = warpFor('keep-ratio', photo, INPUT)
  const target = { canvas, padded, padding: [9, 8, 7] } as const
  t.same(warpByMatrix(photo, matrixOf(warp), target), warpPixels(photo, { ...warp, canvas, padded }, [9, 8, 7]))
  t.same([...warpByMatrix(photo, times(HARDLY, matrixOf(warp)), target)].slice(-3), [9, 8, 7], 'padding')
})

t.test('a flip mirrors pixel by pixel', async t => {
  const photo = noise(64, 48)
  const flipped = warpByMatrix(photo, times(translation(63, 0), scaling(-1, 1)), TARGET)
  t.same([...flipped.subarray(0, 3)], [...photo.data.subarray(63 * 3, 64 * 3)])
  t.same([...flipped.subarray(63 * 3, 64 * 3)], [...photo.data.subarray(0, 3)])
})

t.test('a quarter turn', async t => {
  const photo = noise(3, 2)
  const turned = warpByMatrix(photo, [0, -1, 1, 1, 0, 0, 0, 0, 1], { canvas: { width: 2, height: 3 }, padded: { width: 2, height: 3 } })
  const pixel = (data: Uint8Array, i: number) => [...data.subarray(i * 3, i * 3 + 3)]
  t.same(pixel(turned, 1), pixel(photo.data, 0), 'top left to top right')
  t.same(pixel(turned, 4), pixel(photo.data, 5), 'bottom right to bottom left')
})
