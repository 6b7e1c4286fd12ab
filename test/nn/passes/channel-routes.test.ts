import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { Routes } from '../../../nn/passes/channel-routes.ts'
import { input, type Node, type Tensor } from '../../../nn/tensor.ts'

const a = op.relu(input('a', [1, 4, 2, 2]))
const b = op.relu(input('b', [1, 2, 2, 2]))
const names = new Map([[a, 'a'], [b, 'b']])
const routeOf = (x: Tensor): string => new Routes().of(x).map(({ origin, index }) => `${names.get(origin) ?? '?'}${index}`).join(' ')
const nodeOf = ({ source }: Tensor): Node => { if (source.kind === 'node') return source.node; throw new Error('no node') }

t.test('channels are followed to where they are computed', async t => {
  t.equal(routeOf(a), 'a0 a1 a2 a3')
  t.equal(routeOf(op.concat([b, a])), 'b0 b1 a0 a1 a2 a3')
  t.equal(routeOf(op.split(op.concat([b, a]), [3, 3])[1]!), 'a1 a2 a3')
  t.equal(routeOf(op.channelShuffle(op.concat([a, b]), 2)), 'a0 a3 a1 b0 a2 b1')
  t.equal(routeOf(op.gather(op.split(a, [2, 2])[0]!, [1], 1)), 'a1')
})

t.test('a node that hands a channel on twice is where its channels come from', async t => {
  const twice = op.concat([a, op.split(a, [2, 2])[0]!])
  t.equal(routeOf(twice), '?0 ?1 ?2 ?3 ?4 ?5')
  t.equal(new Routes().role(nodeOf(twice)), 'opaque')
  t.equal(new Routes().role(nodeOf(op.concat([a, b]))), 'routing')
})
