import t from 'tap'
import type { FeatureMap } from '../../../../engine/features/array.ts'
import {
  bytesOf, compareLayers, differenceMap, differenceOf, haveSameShape, sharedLayers
} from '../../../../server/page/logic/difference.ts'

const floats = (...values: number[]): Float32Array => Float32Array.from(values)
const map = (shape: number[], ...values: number[]): FeatureMap => ({ shape, data: floats(...values) })

t.test('the difference of two layers', async t => {
  t.test('compares their norms, values and directions', async t => {
    const { relative, largest, cosine } = differenceOf(floats(3, 4), floats(3, 0))
    t.equal(relative, 0.8)
    t.equal(largest, 4)
    t.equal(cosine, 0.6)
  })

  t.test('is 0 for equal layers, even for zeros', async t => {
    t.same(differenceOf(floats(1, 2), floats(1, 2)), { relative: 0, largest: 0, cosine: 1 })
    t.same(differenceOf(floats(0, 0), floats(0, 0)), { relative: 0, largest: 0, cosine: NaN })
  })

  t.test('has no share of a layer of zeros', async t => {
    t.same(differenceOf(floats(0, 0), floats(0, 2)), { relative: Infinity, largest: 2, cosine: NaN })
  })

  t.test('of values that are not numbers is none', async t => {
    t.same(differenceOf(floats(1, NaN, 2), floats(1, 1, 5)), { relative: NaN, largest: NaN, cosine: NaN })
  })

  t.test('at each cell is the norm over the channels', async t => {
    const left = map([1, 2, 1, 2], 1, 2, 3, 4)
    const right = map([1, 2, 1, 2], 4, 2, 7, 3)
    t.same(differenceMap(left, right), { width: 2, height: 1, data: floats(5, 1) })
  })
})

t.test('layers', async t => {
  const shape = [1, 2, 3, 4]
  const layers = [
    { name: 'backbone.conv1', shape, dtype: 'float32' as const, stride: 2, parameters: 0 },
    { name: 'backbone.stage2', alias: 'stage2', shape, dtype: 'float32' as const, stride: 8, parameters: 0 },
    { name: 'head.gfl_cls.0', alias: 'pred3', shape: [1, 5], dtype: 'float32' as const, parameters: 0 }
  ]

  t.test('are compared if both sides have their short names', async t => {
    t.same(sharedLayers(layers, layers), [{ name: 'stage2', shape, stride: 8 }, { name: 'pred3', shape: [1, 5], stride: undefined }])
    t.same(sharedLayers(layers, layers.slice(0, 2)).map(({ name }) => name), ['stage2'])
    t.same(sharedLayers(layers, []), [])
  })

  t.test('have four bytes a value', async t => {
    t.equal(bytesOf(sharedLayers(layers, layers)), 4 * (24 + 5))
  })

  t.test('need the same shape', async t => {
    const left = new Map([['p3', map([1, 2], 3, 4)], ['p4', map([1, 2], 0, 0)], ['p5', map([2], 0, 0)], ['p6', map([1], 0)]])
    const right = new Map([['p3', map([1, 2], 3, 0)], ['p4', map([1, 3], 0, 0, 0)], ['p5', map([1, 2], 0, 0)]])
    t.same(compareLayers(left, right), [
      { name: 'p3', difference: { relative: 0.8, largest: 4, cosine: 0.6 } },
      { name: 'p4', problem: '1 × 2 on the left, 1 × 3 on the right' },
      { name: 'p5', problem: '2 on the left, 1 × 2 on the right' },
      { name: 'p6', problem: 'only on the left' }
    ])
    t.ok(haveSameShape(map([1], 0), map([1], 1)))
  })
})
