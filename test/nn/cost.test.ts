import t from 'tap'
import { macs, memoryAccess } from '../../nn/cost.ts'
import * as op from '../../nn/ops.ts'
import { floats, input, type Node, type Tensor } from '../../nn/tensor.ts'

const [HEIGHT, WIDTH, C1, C2] = [6, 10, 8, 12]
const x = input('x', [1, C1, HEIGHT, WIDTH])
const parameter = (...shape: number[]): Tensor => floats(shape, new Float32Array(shape.reduce((a, b) => a * b)), 'weight')
const nodeOf = ({ source }: Tensor): Node => (source as Extract<typeof source, { kind: 'node' }>).node
const costs = (y: Tensor): [macs: number, memoryAccess: number] => [macs(nodeOf(y)), memoryAccess(nodeOf(y))]

t.test('a 1×1 convolution costs what the paper says', async t => {
  t.same(costs(op.conv(x, parameter(C2, C1, 1, 1))), [HEIGHT * WIDTH * C1 * C2, HEIGHT * WIDTH * (C1 + C2) + C1 * C2])
})

t.test('groups divide a convolution\'s products, strides its positions; a bias is read', async t => {
  const y = op.conv(x, parameter(C2, C1 / 4, 3, 3), parameter(C2), { groups: 4, stride: 2, padding: 1 })
  const out = C2 * HEIGHT / 2 * WIDTH / 2
  t.same(costs(y), [out * C1 / 4 * 9, HEIGHT * WIDTH * C1 + C2 * C1 / 4 * 9 + C2 + out])
})

t.test('a matrix product', async t => {
  const rows = input('rows', [5, C1])
  t.same(costs(op.linear(rows, parameter(C2, C1))), [5 * C1 * C2, 5 * C1 + C1 * C2 + 5 * C2])
})

t.test('what multiplies nothing still reads and writes', async t => {
  const size = C1 * HEIGHT * WIDTH
  t.same(costs(op.relu(x)), [0, 2 * size])
  t.same(costs(op.add(x, op.relu(x))), [0, 3 * size])
  t.same(costs(op.add(x, x)), [0, 2 * size], 'what goes in twice is read once')
  t.same(costs(op.batchNorm(x, parameter(C1), parameter(C1), parameter(C1), parameter(C1))), [0, 2 * size + 4 * C1])
  t.same(costs(op.split(x, [2, 6])[1]!), [0, 2 * size], 'all outputs are written')
  t.same(costs(op.resize(x, 2)), [0, 5 * size], 'scales are no activations')
  t.same(costs(op.flatten(x, 2, 3)), [0, 0], 'a view copies nothing')
})

t.test('sizes known only by name cost NaN', async t => {
  t.same(costs(op.relu(input('x', [1, C1, 'H', 'W']))), [0, NaN])
  t.same(costs(op.conv(input('x', [1, C1, 'H', 'W']), parameter(C2, C1, 1, 1))), [NaN, NaN])
})
