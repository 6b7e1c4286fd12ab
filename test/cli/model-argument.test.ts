import t from 'tap'
import { modelArgument } from '../../cli/model-argument.ts'

t.test('a positional model is short for --model', async t => {
  const options = { model: undefined, weights: 'a.ckpt' }
  t.same(modelArgument('m', options), { model: 'm', weights: 'a.ckpt' })
  t.same(modelArgument(undefined, { ...options, model: 'n' }), { model: 'n', weights: 'a.ckpt' })
  t.throws(() => modelArgument('m', { model: 'n' }), { name: 'UsageError', message: 'Model given twice: m and --model n' })
})
