import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { topologicalOrder } from '../../../nn/graph.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { input } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'

t.test('MatMul, with axes before the matrices that broadcast', async t => {
  for (const [left, right] of [[[3, 4], [4, 5]], [[2, 3, 3, 4], [4, 5]], [[2, 1, 3, 4], [3, 4, 5]], [[3, 4], [2, 4, 5]]] as const) {
    const [a, b] = [input('a', left), input('b', right)]
    await checkGradients(t, [op.matmul(a, b)], { a, b })
  }
})

t.test('Gemm in all its forms', async t => {
  for (const transA of [0, 1]) {
    for (const transB of [0, 1]) {
      const [a, b, c] = [input('a', transA ? [4, 3] : [3, 4]), input('b', transB ? [5, 4] : [4, 5]), input('c', [5])]
      const factors = { alpha: { float: 0.5 }, beta: { float: 3 } }
      await checkGradients(t, [node('Gemm', [a, b, c], [3, 5], { transA, transB, ...factors })], { a, b, c })
      await checkGradients(t, [node('Gemm', [a, b], [3, 5], { transA, transB })], { a, b })
    }
  }
})

t.test('linear layers', async t => {
  const [x, weight, bias] = [input('x', [3, 4]), input('weight', [5, 4]), input('bias', [5])]
  await checkGradients(t, [op.linear(x, weight, bias)], { x, weight, bias })
  const tokens = input('tokens', [2, 3, 4])
  await checkGradients(t, [op.linear(tokens, weight, bias)], { tokens, weight, bias })
})

t.test('only what is wanted is computed', async t => {
  const [a, b] = [input('a', [3, 4]), input('b', [4, 5])]
  for (const y of [op.matmul(a, b), node('Gemm', [a, b], [3, 5])]) {
    for (const x of [a, b]) {
      const products = topologicalOrder(gradients([y], [input('g', [3, 5])], [x])).filter(({ op }) => ['MatMul', 'Gemm'].includes(op))
      t.equal(products.length, 1)
    }
  }
})
