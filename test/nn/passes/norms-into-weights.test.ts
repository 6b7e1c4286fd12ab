import t, { type Test } from 'tap'
import { product } from '../../../nn/dim.ts'
import { topologicalOrder } from '../../../nn/graph.ts'
import * as op from '../../../nn/ops.ts'
import { normsIntoWeights } from '../../../nn/passes/norms-into-weights.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'
import { numbers, operators } from '../../support/passes.ts'
import { largest, maxDifference, run } from '../../support/run.ts'

const x = input('x', [2, 4, 6, 6])
const fed = (name: string, ...shape: number[]): Tensor => input(name, shape)
const constant = (name: string, ...shape: number[]): Tensor => floats(shape, numbers(name, Number(product(shape))))
const variance = floats([6], numbers('variance', 6).map(value => Math.abs(value) + 0.1))

/** The operators of the rewritten graph, which has the values of the graph that it is given. */
async function rewritten (t: Test, y: Tensor): Promise<string[]> {
  const rewritten = normsIntoWeights({ outputs: new Map([['y', y]]) }).outputs.get('y')!
  const inputs = topologicalOrder([y]).flatMap(({ inputs }) => inputs).filter(x => x?.source.kind === 'input') as Tensor[]
  const feeds = Object.fromEntries(inputs.map(({ source, shape }) => {
    const { name } = source as { name: string }
    return [name, { dims: shape as number[], data: numbers(name, Number(product(shape))) }]
  }))
  const [before, after] = await Promise.all([run({ y }, feeds), run({ y: rewritten }, feeds)])
  t.ok(maxDifference(before['y']!.data, after['y']!.data) <= 1e-5 * largest(before['y']!.data))
  return operators([rewritten])
}

t.test('a norm with fed parameters goes into its convolution', async t => {
  const y = op.batchNorm(op.conv(x, fed('weight', 6, 4, 3, 3)), fed('gamma', 6), fed('beta', 6), constant('mean', 6), variance, 1e-3)
  t.same(await rewritten(t, y), ['Mul', 'Reshape', 'Mul', 'Mul', 'Add', 'Conv'])
})

t.test('with a bias, and where only some parameters are fed', async t => {
  const biased = op.conv(x, fed('weight', 6, 4, 3, 3), fed('bias', 6))
  const y = op.batchNorm(biased, constant('gamma', 6), constant('beta', 6), constant('mean', 6), variance)
  t.same((await rewritten(t, y)).filter(name => name !== 'Mul' && name !== 'Reshape'), ['Sub', 'Add', 'Conv'])
  const ofBeta = op.batchNorm(op.conv(x, constant('weight', 6, 4, 3, 3)), constant('gamma', 6), fed('beta', 6), constant('mean', 6), variance)
  t.notOk((await rewritten(t, ofBeta)).includes('BatchNormalization'))
})

t.test('other norms stay', async t => {
  const conv = op.conv(x, fed('weight', 6, 4, 3, 3))
  const [gamma, beta, mean] = [fed('gamma', 6), fed('beta', 6), constant('mean', 6)] as const
  const frozen = op.batchNorm(op.conv(x, constant('weight', 6, 4, 3, 3)), constant('gamma', 6), constant('beta', 6), mean, variance)
  t.same(await rewritten(t, frozen), ['Conv', 'BatchNormalization'])
  t.same(await rewritten(t, op.batchNorm(op.relu(conv), gamma, beta, mean, variance)), ['Conv', 'Relu', 'BatchNormalization'])
  t.same(await rewritten(t, op.batchNormOfBatch(conv, gamma, beta).y), ['Conv', 'Neg', 'Neg', 'BatchNormalization'])
})
