import t from 'tap'
import { convolutionsOf } from '../../../models/checkpoints/convolutions.ts'
import { topologicalOrder } from '../../../nn/graph.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, Tensor } from '../../../nn/tensor.ts'

const weight = (name: string): Tensor => floats([2, 2, 1, 1], new Float32Array(4), name)
const nameOf = ({ source }: Tensor) => source.kind === 'constant' && source.name

t.test('convolutions know which others they read', async t => {
  const a = op.relu(op.conv(input('x', [1, 2, 4, 4]), weight('a')))
  const b = op.conv(a, op.identity(weight('b')), floats([2], new Float32Array(2), 'bias'))
  const c = op.conv(op.concat([op.split(op.add(a, b), [1, 1])[0]!, op.split(a, [1, 1])[1]!]), weight('c'))
  const found = convolutionsOf(topologicalOrder([c]))
  const nameOfNode = new Map([...found].map(([node, { weight }]) => [node, nameOf(weight)]))
  const summary = [...found.values()].map(({ weight, bias, sources }) =>
    [nameOf(weight), bias && nameOf(bias), Object.fromEntries([...sources].map(([node, ways]) => [nameOfNode.get(node), ways]))])
  t.same(summary, [['a', undefined, {}], ['b', 'bias', { a: 1 }], ['c', undefined, { a: 2, b: 1 }]])
})

t.test('an activation is the same as one operator and as several', async t => {
  const first = op.conv(input('x', [1, 2, 4, 4]), weight('a'))
  for (const y of [op.hardSwish(first), op.mul(first, op.hardSigmoid(first))]) {
    const [, last] = [...convolutionsOf(topologicalOrder([op.conv(y, weight('b'))])).values()]
    t.same([...last!.sources.values()], [1])
  }
})

t.test('identities are passed over, however many, and even without an input', async t => {
  const deep = Array.from({ length: 20_000 }).reduce<Tensor>(x => op.identity(x), weight('a'))
  const convolution = (x: Tensor) => [...convolutionsOf(topologicalOrder([op.conv(input('x', [1, 2, 4, 4]), x)])).values()][0]!
  t.equal(nameOf(convolution(deep).weight), 'a')
  const nothing = new Tensor([2, 2, 1, 1], 'float32', { kind: 'node', node: { op: 'Identity', inputs: [], attributes: {}, outputs: [] } })
  t.equal(convolution(nothing).weight, nothing)
})
