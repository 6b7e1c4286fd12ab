import t from 'tap'
import { weightsOf, zeros } from '../../../models/checkpoints/state-dict.ts'

const parameters = new Map([['fc.bias', { shape: [2], data: Float32Array.of(1, 2) }]])

t.test('parameters come by name and exact shape', async t => {
  const weights = weightsOf({ folded: false, parameters })
  t.notOk(weights.folded)
  t.same(weights.get('fc.bias', [2]), Float32Array.of(1, 2))
  t.throws(() => weights.get('fc.bias', [3]), { message: 'parameter fc.bias is [2] in the checkpoint, the network needs [3]' })
  t.throws(() => weights.get('fc.weight', [2]), { message: 'parameter fc.weight [2] is not in the checkpoint' })
})

t.test('a parameter of a type that can\'t be read is an error only if it is needed', async t => {
  const weights = weightsOf({ folded: false, parameters, unreadable: new Map([['fc.weight', 'F8_E4M3']]) })
  t.same(weights.get('fc.bias', [2]), Float32Array.of(1, 2))
  t.throws(() => weights.get('fc.weight', [2]), { name: 'CheckpointError', message: /^parameter fc\.weight is of the type F8_E4M3, which can't be read/ })
})

t.test('zeros fit everything', async t => {
  t.same(zeros(true).get('any', [2, 3]), new Float32Array(6))
  t.ok(zeros(true).folded)
})
