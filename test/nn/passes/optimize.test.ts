import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { optimize, PASSES } from '../../../nn/passes/optimize.ts'
import { input } from '../../../nn/tensor.ts'
import { operators } from '../../support/passes.ts'

const graph = { outputs: new Map([['y', op.maxPool(op.relu(op.resize(input('x', [1, 2, 8, 8]), 0.5)), 3, 2, 1)]]) }

t.test('all passes, or those that are given', async t => {
  t.same(operators(optimize(graph).outputs.values()), ['AveragePool', 'MaxPool', 'Relu'])
  t.same(operators(optimize(graph, []).outputs.values()), ['Resize', 'Relu', 'MaxPool'])
  t.same(operators(optimize(graph, PASSES.slice(0, 3)).outputs.values()), ['Resize', 'MaxPool', 'Relu'])
})

t.test('every pass keeps the version of operators and what is said of the model', async t => {
  const facts = { opset: 16, metadata: { model: 'small' } }
  for (const pass of PASSES) t.match(pass({ ...graph, ...facts }), facts)
})

t.test('what is done is done', async t => {
  t.same(operators(optimize(optimize(graph)).outputs.values()), operators(optimize(graph).outputs.values()))
})
