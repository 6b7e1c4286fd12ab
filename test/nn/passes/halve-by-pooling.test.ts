import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { halveByPooling } from '../../../nn/passes/halve-by-pooling.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { operators, IMAGE, numbers, sameValues } from '../../support/passes.ts'

t.test('half the size is the mean of four', async t => {
  t.same(await sameValues(t, halveByPooling, { y: op.resize(IMAGE, 0.5) }), ['AveragePool'])
})

t.test('an odd size loses its last line in both', async t => {
  const odd = op.conv(IMAGE, floats([4, 8, 2, 2], numbers('weight', 128))) // [1, 4, 11, 11]
  t.same(await sameValues(t, halveByPooling, { y: op.resize(odd, 0.5) }), ['Conv', 'AveragePool'])
})

t.test('sizes known by name keep their names', async t => {
  const x = input('x', ['N', 8, 'H', 'W'])
  const { outputs } = halveByPooling({ outputs: new Map([['y', op.resize(x, 0.5)]]) })
  t.same(outputs.get('y')!.shape, ['N', 8, 'H/2', 'W/2'])
  t.same(operators(outputs.values()), ['AveragePool'])
})

t.test('other factors stay', async t => {
  t.same(await sameValues(t, halveByPooling, { y: op.resize(IMAGE, 2) }), ['Resize'])
  t.same(await sameValues(t, halveByPooling, { y: op.resize(IMAGE, 0.25) }), ['Resize'])
})
