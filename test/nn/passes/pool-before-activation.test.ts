import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { poolBeforeActivation } from '../../../nn/passes/pool-before-activation.ts'
import type { Tensor } from '../../../nn/tensor.ts'
import { IMAGE, sameValues } from '../../support/passes.ts'

const pool = (x: Tensor): Tensor => op.maxPool(x, 3, 2, 1)

t.test('the pool goes before an activation that never falls', async t => {
  t.same(await sameValues(t, poolBeforeActivation, { y: pool(op.leakyRelu(IMAGE, 0.1)) }), ['MaxPool', 'LeakyRelu'])
  t.same(await sameValues(t, poolBeforeActivation, { y: pool(op.relu(IMAGE)) }), ['MaxPool', 'Relu'])
})

t.test('what the activation makes can be an output all the same', async t => {
  const active = op.leakyRelu(IMAGE, 0.1)
  t.same(await sameValues(t, poolBeforeActivation, { y: pool(active), active }), ['MaxPool', 'LeakyRelu', 'LeakyRelu'])
})

t.test('other activations fall somewhere, and other pools mix values', async t => {
  t.same(await sameValues(t, poolBeforeActivation, { y: pool(op.hardSwish(IMAGE)) }), ['HardSwish', 'MaxPool'])
  t.same(await sameValues(t, poolBeforeActivation, { y: pool(op.leakyRelu(IMAGE, -0.1)) }), ['LeakyRelu', 'MaxPool'])
  t.same(await sameValues(t, poolBeforeActivation, { y: op.averagePool(op.relu(IMAGE), 2, 2, 0) }), ['Relu', 'AveragePool'])
})
