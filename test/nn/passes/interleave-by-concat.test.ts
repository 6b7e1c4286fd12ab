import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { interleaveByConcat } from '../../../nn/passes/interleave-by-concat.ts'
import { input, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, operators, sameValues } from '../../support/passes.ts'

const [left, right] = op.split(IMAGE, [4, 4]) as [Tensor, Tensor]

t.test('a shuffle of joined maps is one concatenation', async t => {
  const y = op.channelShuffle(op.concat([op.relu(left), right]), 2)
  t.same(await sameValues(t, interleaveByConcat, { y }), ['Split', 'Relu', 'Reshape', 'Reshape', 'Concat', 'Reshape'])
})

t.test('of three maps', async t => {
  const thirds = op.split(op.concat([left, left, left]), [4, 4, 4])
  t.notOk((await sameValues(t, interleaveByConcat, { y: op.channelShuffle(op.concat(thirds), 3) })).includes('Gather'))
})

t.test('other orders, other maps and unknown sizes stay', async t => {
  const kept = {
    groups: op.channelShuffle(op.concat([left, right]), 4),
    unequal: op.channelShuffle(op.concat(op.split(IMAGE, [2, 6])), 2),
    part: op.gather(op.concat([left, right]), [0, 4, 1, 5], 1),
    rows: op.gather(op.concat([left, right]), [1, 0], 2),
    alone: op.channelShuffle(op.relu(IMAGE), 2)
  }
  t.equal((await sameValues(t, interleaveByConcat, kept)).filter(name => name === 'Gather').length, 5)
  const ofAnySize = input('x', ['N', 2, 'H', 'W'])
  const { outputs } = interleaveByConcat({ outputs: new Map([['y', op.channelShuffle(op.concat([ofAnySize, ofAnySize]), 2)]]) })
  t.same(operators(outputs.values()), ['Concat', 'Gather'])
})
