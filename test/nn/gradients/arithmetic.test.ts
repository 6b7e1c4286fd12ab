import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, integers, scalar, type Tensor } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'
import { seededFloats } from '../../support/seeded.ts'
import { run } from '../../support/run.ts'

const a = input('a', [2, 3, 4])
const b = input('b', [3, 1])
const c = input('c', [])
/** Away from zero, so that quotients, roots and logarithms are smooth. */
const feeds = { a: seededFloats('a', 24, u => u + 0.5), b: seededFloats('b', 3, u => u + 0.5), c: Float32Array.of(1.25) }
const unary = (name: string, x: Tensor): Tensor => node(name, [x], x.shape)
const binary = (name: string, x: Tensor, y: Tensor): Tensor => node(name, [x, y], op.add(x, y).shape)

const CASES: Readonly<Record<string, () => Tensor[]>> = {
  'sums and differences': () => [op.sub(op.add(a, b), c), op.sub(b, op.add(a, a)), op.add(c, b)],
  'sums of several': () => [node('Sum', [a, b, c, a], a.shape)],
  products: () => [op.mul(op.mul(a, b), op.mul(c, a))],
  quotients: () => [binary('Div', a, b), binary('Div', c, a)],
  'smaller and larger': () => [op.min(a, b), op.max(a, b), op.mul(op.max(c, a), scalar(2))],
  'negatives and absolute values': () => [unary('Neg', a), unary('Abs', op.sub(a, scalar(1))), unary('Abs', b)],
  'roots, exponentials, logarithms': () => ['Sqrt', 'Exp', 'Log'].flatMap(name => [unary(name, a), unary(name, b), unary(name, c)]),
  powers: () => [binary('Pow', a, scalar(2.5)), binary('Pow', b, scalar(2)), binary('Pow', c, scalar(-1))],
  choices: () => {
    const condition = node('Greater', [a, scalar(1)], a.shape, {}, 'bool')
    return [node('Where', [condition, op.mul(a, c), b], a.shape)]
  },
  expansions: () => [node('Expand', [b, integers([2, 3, 4])], a.shape)]
}

for (const [name, build] of Object.entries(CASES)) {
  t.test(`gradients of arithmetic: ${name}`, async t => {
    await checkGradients(t, [...build(), op.add(op.add(a, b), c)], { a, b, c }, { feeds })
  })
}

t.test('at a tie, Min and Max give half to each, and the absolute value gives nothing at zero', async t => {
  const [x, y] = [floats([3], Float32Array.of(1, 2, 3)), floats([3], Float32Array.of(3, 2, 1))]
  const ones = floats([3], Float32Array.of(1, 1, 1))
  const [min] = gradients([op.min(x, y)], [ones], [x])
  const [max] = gradients([op.max(x, y)], [ones], [x])
  const centered = op.sub(x, scalar(2))
  const [abs] = gradients([unary('Abs', centered)], [ones], [centered])
  const found = await run({ min: min!, max: max!, abs: abs! }, {})
  t.same(Object.values(found).map(({ data }) => [...data]), [[1, 0.5, 0], [0, 0.5, 1], [-1, 0, 1]])
})

t.test('masks count as constants, steps give nothing', async t => {
  const mask = op.toFloat(node('GreaterOrEqual', [a, scalar(1)], a.shape, {}, 'bool'))
  const steps = ['Floor', 'Ceil', 'Round', 'Sign'].map(name => unary(name, a))
  await checkGradients(t, [op.mul(a, mask), ...steps], { a }, { feeds })
  const [ofMask] = gradients([mask], [mask], [a])
  t.same([...(await run({ ofMask: ofMask! }, {}))['ofMask']!.data], new Array(24).fill(0))
})
