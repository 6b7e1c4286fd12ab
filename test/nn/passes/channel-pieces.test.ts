import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { channelsOf, Pieces } from '../../../nn/passes/channel-pieces.ts'
import { Routes } from '../../../nn/passes/channel-routes.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'

const x = input('x', [1, 8, 4, 4])
const conv = (y: Tensor, out = 8): Tensor => op.conv(y, floats([out, y.channels, 1, 1], new Float32Array(out * y.channels)))
const piecesFor = (outputs: Tensor[], smallest: number): Pieces => new Pieces(outputs, new Routes(), smallest)
const sizes = (pieces: Pieces, y: Tensor): number[] => pieces.of(y).map(({ length }) => length)

t.test('channels with the same readers are one piece', async t => {
  const y = conv(x)
  const [left, right] = op.split(op.channelShuffle(y, 2), [4, 4]) as [Tensor, Tensor]
  const pieces = piecesFor([conv(left), conv(right)], 1)
  t.same(pieces.of(y), [[0, 1, 4, 5], [2, 3, 6, 7]])
})

t.test('activations hand pieces on to what computes them', async t => {
  const y = conv(x)
  const [left, right] = op.split(op.relu(y), [6, 2]) as [Tensor, Tensor]
  const pieces = piecesFor([conv(left), conv(right)], 1)
  t.same(pieces.of(y), [[0, 1, 2, 3, 4, 5], [6, 7]])
})

t.test('what is left is not cut any further when it is small', async t => {
  const y = conv(x, 8)
  const parts = op.split(y, [4, 2, 1, 1])
  const outputs = parts.map(part => conv(part))
  t.same(sizes(piecesFor(outputs, 1), y), [4, 2, 1, 1])
  t.same(sizes(piecesFor(outputs, 2), y), [4, 2, 2])
  t.same(sizes(piecesFor(outputs, 4), y), [4, 4])
  t.same(sizes(piecesFor(outputs, 8), y), [8])
})

t.test('readers are strict that can do nothing with other channels', async t => {
  const [pooled, flat, both, joined] = [conv(x), conv(x), conv(x), conv(x)] as [Tensor, Tensor, Tensor, Tensor]
  const flatten = (y: Tensor): Tensor => op.flatten(y, 2, 3)
  const outputs = [conv(op.maxPool(pooled, 3, 2, 1)), flatten(op.relu(flat)), conv(both), flatten(both), flatten(op.concat([joined, x]))]
  const pieces = piecesFor(outputs, 16)
  t.same([pooled, flat, both, joined].map(y => pieces.isStrict(y)), [false, true, false, false])
})

t.test('asking for an output cuts nothing', async t => {
  const y = conv(x)
  const [left, right] = op.split(y, [4, 4]) as [Tensor, Tensor]
  t.same(sizes(piecesFor([conv(y), left, right], 1), y), [8])
  t.same(channelsOf(left), [0, 1, 2, 3])
})
