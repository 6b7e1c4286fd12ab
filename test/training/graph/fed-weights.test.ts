import t from 'tap'
import { ParameterError } from '../../../nn/errors.ts'
import { weightsInTraining, weightsInValidation } from '../../../training/graph/fed-weights.ts'

const initial = { folded: false, parameters: new Map([['a.weight', { shape: [2], data: Float32Array.of(1, 2) }]]) }
const trained = ['a.weight']

t.test('in training, what is trained is fed', async t => {
  const weights = weightsInTraining({ initial, trained, batchStatistics: true })
  t.same(['a.weight', 'b.weight', 'a.running_mean'].map(name => weights.isFed!(name)), [true, false, false])
  t.same([...weights.get('a.weight', [2])], [1, 2])
  t.throws(() => weights.get('b.weight', [2]), ParameterError)
  t.equal(weights.usesBatchStatistics!('a'), true)
  t.equal(weightsInTraining({ initial, trained, batchStatistics: false }).usesBatchStatistics!('a'), false)
})

t.test('in validation, running statistics too, if training changes them', async t => {
  for (const batchStatistics of [true, false]) {
    const weights = weightsInValidation({ initial, trained, batchStatistics })
    t.same(['a.weight', 'b.weight', 'a.running_mean', 'a.running_var'].map(name => weights.isFed!(name)), [true, false, batchStatistics, batchStatistics])
    t.equal(weights.usesBatchStatistics, undefined)
  }
})
