import t from 'tap'
import { ShapeError } from '../../nn/errors.ts'
import * as math from '../../nn/math.ts'
import { floats, Tensor } from '../../nn/tensor.ts'
import { maxDifference, run } from '../support/run.ts'

const VALUES = [-2, -0.5, 0, 0.25, 3, 20]
const x = floats([2, 3], Float32Array.from(VALUES))

const valuesOf = async (y: Tensor): Promise<Float32Array> => {
  const found = await run({ y }, {})
  t.same(found['y']!.dims, y.shape)
  return found['y']!.data
}

t.test('functions of each value', async t => {
  t.ok(maxDifference(await valuesOf(math.exp(floats([2], Float32Array.of(0, 1)))), [1, Math.E]) < 1e-6)
  t.ok(maxDifference(await valuesOf(math.log(floats([2], Float32Array.of(1, Math.E)))), [0, 1]) < 1e-6)
  t.same([...await valuesOf(math.abs(x))], VALUES.map(Math.abs))
  t.ok(maxDifference(await valuesOf(math.softplus(x)), VALUES.map(value => Math.log1p(Math.exp(value)))) < 1e-5)
})

t.test('two operands broadcast', async t => {
  t.same([...await valuesOf(math.div(x, floats([3], Float32Array.of(1, 2, 4))))], [-2, -0.25, 0, 0.25, 1.5, 5])
  t.same([...await valuesOf(math.isAtLeast(x, floats([], Float32Array.of(0))))], [0, 0, 1, 1, 1, 1])
})

t.test('reductions keep their axes', async t => {
  t.same([...await valuesOf(math.sumOver(x, [1]))], [-2.5, 23.25])
  t.same([...await valuesOf(math.maxOver(x, [0]))], [0.25, 3, 20])
})

t.test('gathers an entry of each line', async t => {
  const indices = new Tensor([1, 3], 'int64', { kind: 'constant', data: BigInt64Array.of(1n, 0n, 1n) })
  t.same([...await valuesOf(math.gatherElements(x, indices, 0))], [0.25, -0.5, 20])
  t.throws(() => math.gatherElements(x, floats([1], new Float32Array(1)), 0), ShapeError)
})
