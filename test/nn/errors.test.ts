import t from 'tap'
import { NetworkError, ParameterError, ShapeError } from '../../nn/errors.ts'

t.test('messages carry the shapes', async t => {
  t.equal(new ShapeError('add', 'shapes differ', [1, 'H'], [2]).message, 'add: shapes differ (got [1, H] and [2])')
  t.equal(new ParameterError('fc.weight', [3, 4]).message, 'parameter fc.weight [3, 4] is not in the checkpoint')
  t.equal(new ParameterError('fc.weight', [3, 4], [4, 3]).message,
    'parameter fc.weight is [4, 3] in the checkpoint, the network needs [3, 4]')
})

t.test('the path goes before the message', async t => {
  const error = new NetworkError('no such layer')
  error.path = undefined
  t.equal(error.message, 'no such layer')
  error.path = 'backbone.stage2'
  t.equal(error.message, 'backbone.stage2: no such layer')
  t.equal(error.path, 'backbone.stage2')
})
