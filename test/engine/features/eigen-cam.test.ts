import t from 'tap'
import { wholeArea } from '../../../engine/features/area.ts'
import type { FeatureMap } from '../../../engine/features/array.ts'
import { eigenCam } from '../../../engine/features/eigen-cam.ts'
import { maxDifference } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const random = (channels: number, height: number, width: number): FeatureMap =>
  ({ shape: [1, channels, height, width], data: seededFloats(`${channels} channels`, channels * height * width, u => u ** 3) })

t.test('the map is σ·u of the centered activations, be there fewer channels or fewer cells', async t => {
  for (const channels of [3, 20, 21, 60]) {
    const feature = random(channels, 4, 5)
    const map = eigenCam(feature, wholeArea({ width: 5, height: 4 }))
    const a = centeredRows(feature, 20)
    const projected = Array.from({ length: channels }, (_, c) => dot(a.map(row => row[c]!), map)) // Aᵀ·m
    const lambda = dot(projected, projected) / dot(map, map)
    t.ok(maxDifference(a.map(row => dot(row, projected)), map.map(value => value * lambda)) < 1e-5 * lambda, 'AAᵀ·m = λ·m')
    t.ok(Math.abs(dot(map, map) / lambda - 1) < 1e-5, '|m|² = λ')
    const variances = Array.from({ length: channels }, (_, c) => dot(a.map(row => row[c]!), a.map(row => row[c]!)))
    t.ok(lambda > Math.max(...variances), 'no channel varies as much')
  }
})

t.test('of one pattern in all channels it is that pattern, whatever the channels\' offsets', async t => {
  const pattern = [0, 1, 2, 5]
  const weights = [2, 1, 2]
  const data = Float32Array.from(weights.flatMap((weight, c) => pattern.map(value => weight * value + 10 * c)))
  const map = eigenCam({ shape: [1, 3, 2, 2], data }, wholeArea({ width: 2, height: 2 }))
  t.ok(maxDifference(map, [-6, -3, 0, 9]) < 1e-5, 'less the mean 2, times the length 3 of the weights')
})

t.test('the map rises where the layer responds the more strongly, also by negative values', async t => {
  const data = Float32Array.of(0, 0, -3, -9, 0.1, 0, 3, 9)
  for (const values of [data, data.map(value => -value)]) {
    const map = eigenCam({ shape: [1, 2, 2, 2], data: values }, wholeArea({ width: 2, height: 2 }))
    t.ok(map[3]! > map[2]! && map[2]! > map[0]!)
  }
})

t.test('cells outside the area decide nothing', async t => {
  const photo = random(6, 3, 4)
  const padded = new Float32Array(6 * 5 * 4).map((_, i) => i % 2 * 100) // two rows of padding above, stronger than all
  for (let c = 0; c < 6; c++) padded.set(photo.data.subarray(c * 12, c * 12 + 12), c * 20 + 8)
  const map = eigenCam({ shape: [1, 6, 5, 4], data: padded }, { left: 0, right: 4, top: 2, bottom: 5 })
  t.ok(maxDifference(map.subarray(8), eigenCam(photo, wholeArea({ width: 4, height: 3 }))) < 1e-6)
})

t.test('a layer without variation gives zeros', async t => {
  t.same([...eigenCam({ shape: [1, 2, 1, 2], data: Float32Array.of(4, 4, 7, 7) }, wholeArea({ width: 2, height: 1 }))], [0, 0])
})

/** A [cells, channels], each column less its mean. */
function centeredRows ({ data }: FeatureMap, cells: number): number[][] {
  const channels = data.length / cells
  const means = Array.from({ length: channels }, (_, c) => data.subarray(c * cells, (c + 1) * cells).reduce((a, b) => a + b) / cells)
  return Array.from({ length: cells }, (_, i) => means.map((mean, c) => data[c * cells + i]! - mean))
}

function dot (a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
