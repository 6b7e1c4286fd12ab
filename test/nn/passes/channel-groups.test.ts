import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { ChannelGroups } from '../../../nn/passes/channel-groups.ts'
import { floats, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers } from '../../support/passes.ts'

const conv = (x: Tensor, out = 4, groups = 1): Tensor =>
  op.conv(x, floats([out, x.channels / groups, 1, 1], numbers('weight', out * x.channels / groups)), undefined, { groups })
const groupsOf = (...outputs: Tensor[]) => new ChannelGroups({ outputs: new Map(outputs.map((x, i) => [String(i), x])) })

t.test('what keeps factors keeps the group, and convolutions begin new ones', t => {
  const a = conv(IMAGE)
  const b = op.resize(op.averagePool(op.maxPool(op.leakyRelu(a, 0.1), 3, 2, 1), 2, 2, 0), 2)
  const c = conv(b, 4, 4)
  const groups = groupsOf(c)
  t.same(groups.of(b), groups.of(a))
  t.equal(new Set([...groups.of(a), ...groups.of(c)]).size, 8)
  t.notOk([...groups.of(a), ...groups.of(c)].includes(undefined))
  t.end()
})

t.test('channels are followed where they move', t => {
  const [a, b] = [conv(IMAGE), conv(IMAGE)]
  const shuffled = op.channelShuffle(op.concat([a, b]), 2)
  const [left] = op.split(shuffled, [4, 4]) as [Tensor, Tensor]
  const groups = groupsOf(conv(left), conv(shuffled))
  const [inA, inB] = [groups.of(a), groups.of(b)]
  t.same(groups.of(left), [inA[0], inB[0], inA[1], inB[1]])
  t.end()
})

t.test('channels that are added share a group, also through other sums', t => {
  const [a, b, c] = [conv(IMAGE), conv(IMAGE), conv(IMAGE)]
  const groups = groupsOf(op.add(op.add(a, b), op.relu(c)))
  t.same(groups.of(b), groups.of(a))
  t.same(groups.of(c), groups.of(a))
  t.equal(new Set(groups.of(a)).size, 4)
  t.end()
})

t.test('inputs, and what other operators read or write, can\'t be scaled', t => {
  const [a, b] = [conv(IMAGE), conv(IMAGE)]
  const sum = op.add(a, b)
  const groups = groupsOf(conv(op.sigmoid(a)), sum, op.reshape(conv(IMAGE), [4, 144]))
  for (const x of [IMAGE, a, b, sum]) t.ok(groups.of(x).every(group => group === undefined))
  t.ok(groupsOf(op.add(a, IMAGE.channels === 4 ? IMAGE : op.split(IMAGE, [4, 4])[0]!)).of(a).every(group => group === undefined))
  const grouped = conv(IMAGE, 4, 2)
  t.ok(groupsOf(grouped).of(grouped).every(group => group === undefined), 'convolutions of few groups')
  t.end()
})
