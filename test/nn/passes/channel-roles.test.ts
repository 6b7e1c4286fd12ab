import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { roleOf } from '../../../nn/passes/channel-roles.ts'
import { floats, input, scalar, type Tensor } from '../../../nn/tensor.ts'

const x = input('x', [1, 8, 12, 12])
const zeros = (...shape: number[]): Tensor => floats(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)))
const role = (y: Tensor): string => y.source.kind === 'node' ? roleOf(y.source.node) : 'none'

t.test('convolutions', async t => {
  t.equal(role(op.conv(x, zeros(4, 8, 1, 1), zeros(4))), 'dense')
  t.equal(role(op.conv(x, zeros(8, 1, 3, 3), undefined, { groups: 8 })), 'channelwise')
  t.equal(role(op.conv(x, zeros(16, 1, 3, 3), undefined, { groups: 8 })), 'opaque')
  t.equal(role(op.conv(x, zeros(4, 4, 1, 1), undefined, { groups: 2 })), 'opaque')
  t.equal(role(op.conv(x, input('weight', [4, 8, 1, 1]))), 'opaque')
  t.equal(role(op.conv(x, zeros(4, 8, 1, 1), input('bias', [4]))), 'opaque')
})

t.test('channel by channel', async t => {
  for (const y of [op.leakyRelu(x, 0.1), op.clip(x, scalar(0), scalar(6)), op.maxPool(x, 3, 2, 1), op.resize(x, 2), op.globalPool(x)]) {
    t.equal(role(y), 'channelwise')
  }
  t.equal(role(op.batchNorm(x, zeros(8), zeros(8), zeros(8), zeros(8))), 'channelwise')
  t.equal(role(op.batchNorm(x, zeros(8), zeros(8), zeros(8), input('variance', [8]))), 'opaque')
  t.equal(role(op.prelu(x, zeros(1))), 'channelwise')
  t.equal(role(op.prelu(x, zeros(8, 1, 1))), 'opaque')
})

t.test('sums and products', async t => {
  for (const other of [x, zeros(1, 8, 1, 1), scalar(2), op.globalPool(x)]) t.equal(role(op.mul(x, other)), 'channelwise')
  t.equal(role(op.add(x, zeros(1, 1, 12, 12))), 'opaque')
  t.equal(role(op.add(x, zeros(12))), 'opaque')
})

t.test('channels handed on, if it is channels', async t => {
  t.equal(role(op.concat([x, x])), 'routing')
  t.equal(role(op.split(x, [4, 4])[1]!), 'routing')
  t.equal(role(op.channelShuffle(x, 2)), 'routing')
  t.equal(role(op.concat([x, x], 2)), 'opaque')
  t.equal(role(op.concat([op.flatten(x, 2, 3), op.flatten(x, 2, 3)])), 'opaque')
  t.equal(role(op.transpose(x, [0, 2, 3, 1])), 'opaque')
  const anySize = input('any', [1, 8, 'H', 'W'])
  t.equal(role(op.concat([anySize, anySize])), 'routing')
  t.equal(role(op.sigmoid(op.transpose(anySize, [0, 2, 3, 1]))), 'opaque', 'what lies on axis 1 is no known number of channels')
  t.equal(role(op.gather(input('pixels', [1, 12, 12, 3], 'uint8'), [0], 1)), 'opaque')
})
