import t from 'tap'
import { constant, normalOf } from '../../../training/initialize/fill.ts'
import { drawn, type Scheme } from '../../../training/initialize/scheme.ts'
import { valuesOf } from '../../support/initial.ts'

const SHAPES = new Map([
  ['conv.weight', [4, 2, 3, 3]], ['conv.bias', [4]], ['fc.weight', [4, 2]], ['fc.bias', [4]],
  ['bn.weight', [4]], ['bn.bias', [4]], ['bn.running_mean', [4]], ['bn.running_var', [4]], ['scale.scale', []]
])
const plain: Scheme = { convolution: () => constant(7) }

t.test('the weights of a layer say which kind it is; by default, biases are 0 and linear layers start like convolutions', async t => {
  const { folded, parameters } = drawn(SHAPES, () => plain, 1)
  t.equal(folded, false)
  t.same([...parameters.keys()], [...SHAPES.keys()])
  t.same([...parameters].map(([, { shape, data }]) => [shape, ...new Set(data)]), [
    [[4, 2, 3, 3], 7], [[4], 0], [[4, 2], 7], [[4], 0], [[4], 1], [[4], 0], [[4], 0], [[4], 1], [[], 0]
  ])
})

t.test('a scheme has its own biases, linear layers and other parameters', async t => {
  const scheme: Scheme = {
    ...plain, linear: () => constant(5), bias: ([out], name) => constant(name === 'fc.weight' ? out! : 2), normBias: 3, others: () => constant(1)
  }
  const { parameters } = drawn(SHAPES, () => scheme, 1)
  t.same([...parameters].map(([, { data }]) => data[0]), [7, 2, 5, 4, 1, 3, 0, 1, 1])
})

t.test('values depend on the seed and the name alone', async t => {
  const random = (shapes: typeof SHAPES, seed: number) => drawn(shapes, () => ({ convolution: () => normalOf(1) }), seed)
  const both = random(SHAPES, 1)
  t.same(valuesOf(random(new Map([['fc.weight', [4, 2]]]), 1), 'fc.weight'), valuesOf(both, 'fc.weight'))
  t.not(valuesOf(random(SHAPES, 2), 'fc.weight')[0], valuesOf(both, 'fc.weight')[0])
  t.not(valuesOf(both, 'conv.weight')[0], valuesOf(both, 'fc.weight')[0])
})

t.test('a network of one layer has no path before its parameters', async t => {
  t.same(valuesOf(drawn(new Map([['weight', [2, 2]]]), () => plain, 1), 'weight'), Float32Array.of(7, 7, 7, 7))
})
