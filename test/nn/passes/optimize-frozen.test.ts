import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import * as op from '../../../nn/ops.ts'
import { optimizeFrozen } from '../../../nn/passes/optimize-frozen.ts'
import { foldBatchNorms } from '../../../nn/passes/fold-batch-norms.ts'
import { floats, input, type Node, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers, operators } from '../../support/passes.ts'
import { largest, maxDifference, run } from '../../support/run.ts'

const constant = (name: string, ...shape: number[]): Tensor => floats(shape, numbers(name, shape.reduce((a, b) => a * b)))
const variance = floats([8], numbers('variance', 8).map(value => Math.abs(value) + 0.1))
const weight = input('weight', [4, 8, 1, 1])

/** A frozen convolution, norm and activation, cut into halves in another order; then a trained convolution. */
function network (): Record<string, Tensor> {
  const conv = op.conv(IMAGE, constant('kernel', 8, 8, 3, 3), undefined, { padding: 1 })
  const norm = op.batchNorm(conv, constant('gamma', 8), constant('beta', 8), constant('mean', 8), variance)
  const [left, right] = op.split(op.leakyRelu(norm, 0.1), [4, 4]) as [Tensor, Tensor]
  const features = op.maxPool(op.concat([right, left]), 3, 2, 1)
  const y = op.conv(features, weight)
  const [gradient] = gradients([y], [y], [weight])
  return { y, gradient: gradient!, features }
}

const FEEDS = Object.fromEntries([IMAGE, weight].map(({ source, shape }) => {
  const { name } = source as { name: string }
  return [name, { dims: shape as number[], data: numbers(name, (shape as number[]).reduce((a, b) => a * b)) }]
}))

t.test('what depends on no fed parameter is optimized, and values stay', async t => {
  const outputs = network()
  const graph = { outputs: new Map(Object.entries(outputs)), names: new Map([['features', outputs['features']!]]) }
  const optimized = optimizeFrozen(graph, name => name === 'weight')
  t.notOk(operators(optimized.outputs.values()).includes('BatchNormalization'))
  t.equal(optimized.names!.get('features'), optimized.outputs.get('features'))
  const [before, after] = await Promise.all([run(outputs, FEEDS), run(Object.fromEntries(optimized.outputs), FEEDS)])
  for (const [name, { data }] of Object.entries(before)) t.ok(maxDifference(data, after[name]!.data) <= 1e-5 * largest(data), name)
})

t.test('errors still name the layer of a trained operator', async t => {
  const { node } = op.conv(op.relu(IMAGE), weight).source as { node: Node }
  const [y] = node.outputs as [Tensor]
  const { outputs, owners } = optimizeFrozen({ outputs: new Map([['y', y]]), owners: new Map([[node, 'head.cls']]) }, name => name === 'weight')
  t.equal(owners!.get((outputs.get('y')!.source as { node: Node }).node), 'head.cls')
})

t.test('norms over fed parameters stay, whatever the passes', async t => {
  const [image, norm] = [IMAGE, (x: Tensor): Tensor => op.batchNorm(x, constant('gamma', 8), constant('beta', 8), constant('mean', 8), variance)]
  const frozen = norm(op.conv(image, constant('kernel', 8, 8, 3, 3)))
  const y = norm(op.conv(frozen, input('weight', [8, 8, 1, 1])))
  const optimized = optimizeFrozen({ outputs: new Map([['y', y]]) }, name => name === 'weight', [foldBatchNorms])
  t.same(operators(optimized.outputs.values()), ['Conv', 'Conv', 'BatchNormalization'])
})
