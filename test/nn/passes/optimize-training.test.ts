import t from 'tap'
import { batchNorm, pointwise, sequential } from '../../../nn/layers.ts'
import * as op from '../../../nn/ops.ts'
import { optimizeTraining } from '../../../nn/passes/optimize-training.ts'
import { Scope } from '../../../nn/scope.ts'
import type { Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers, operators } from '../../support/passes.ts'
import { largest, maxDifference, run } from '../../support/run.ts'
import { seededWeights } from '../../support/seeded.ts'

t.test('frozen layers get all passes, those with fed parameters their own', async t => {
  const isFed = (name: string): boolean => name.startsWith('trained') && !name.includes('running')
  const scope = Scope.root({ ...seededWeights, isFed })
  const block = (x: Tensor): Tensor => op.maxPool(op.leakyRelu(x, 0.1), 3, 2, 1)
  const frozen = block(scope.apply('frozen', sequential(pointwise(8), batchNorm()), IMAGE))
  const trained = block(scope.apply('trained', sequential(pointwise(8), batchNorm()), frozen))
  const y = op.channelShuffle(op.concat([trained, trained]), 2)
  const { outputs } = optimizeTraining({ outputs: new Map([['y', y]]) }, isFed)
  const names = operators(outputs.values())
  t.notOk(names.includes('BatchNormalization'))
  t.notOk(names.includes('Gather'))
  t.ok(names.indexOf('MaxPool') < names.indexOf('LeakyRelu'))
  t.ok(names.lastIndexOf('MaxPool') < names.lastIndexOf('LeakyRelu'))

  const fed = [...scope.params].filter(([name]) => isFed(name))
  const feeds = Object.fromEntries([['x', IMAGE] as const, ...fed].map(([name, { shape }]) =>
    [name, { dims: shape as number[], data: numbers(name, (shape as number[]).reduce((a, b) => a * b)) }]))
  const [before, after] = await Promise.all([run({ y }, feeds), run(Object.fromEntries(outputs), feeds)])
  t.ok(maxDifference(before['y']!.data, after['y']!.data) <= 1e-5 * largest(before['y']!.data))
})
