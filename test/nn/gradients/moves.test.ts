import t from 'tap'
import { strided } from '../../../nn/gradients/dense.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, integers, type Tensor } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'

const a = input('a', [2, 6, 4])
const b = input('b', [2, 2, 4])
const constant = floats([2, 1, 4], new Float32Array(8))

const CASES: Readonly<Record<string, () => Tensor | Tensor[]>> = {
  'reshape, flatten and unflatten': () => [op.reshape(a, [4, 12]), op.flatten(a, 0, 1), op.unflatten(b, [2, 2])],
  'identity and a cast to the same type': () => [op.identity(a), op.toFloat(b)],
  transpose: () => [op.transpose(a, [2, 0, 1]), op.transpose(b, [1, 2, 0])],
  concat: () => op.concat([a, b, a]),
  'concat with constants': () => op.concat([constant, a, constant, b]),
  'concat along the last axis': () => node('Concat', [a, op.concat([b, b, b])], [2, 6, 8], { axis: -1 }),
  split: () => op.split(op.concat([a, b]), [3, 5]),
  'split, where a part is not used': () => op.split(op.concat([a, b]), [1, 3, 4]).slice(1),
  slice: () => [op.slice(a, 1, 3, 2), op.slice(op.slice(a, 2, 6, 1), 0, 1, 0), b],
  pad: () => [op.pad(a, integers([0, 1, 2, 0, 3, 0]), [2, 10, 6]), b],
  'gather that permutes': () => [op.gather(a, [3, 1, 5, 0, 2, 4], 1), op.channelShuffle(b, 2)],
  'gather that repeats and leaves out': () => [op.gather(a, [3, 1, 1], 1), op.gather(b, [0, 0, 3, 2, 1], 2)]
}

for (const [name, build] of Object.entries(CASES)) {
  t.test(`gradients of moves: ${name}`, async t => { await checkGradients(t, [build()].flat(), { a, b }) })
}

t.test('a slice with steps has no rule', async t => {
  const y = strided(op.reshape(a, [2, 6, 4, 1]), [0, 0], 2, [2, 1])
  await t.rejects(checkGradients(t, [y], { a }), { name: 'GradientError', message: 'Slice with steps has no gradient rule' })
})

t.test('an index that is computed has no rule', async t => {
  const indices = input('indices', [2], 'int64')
  await t.rejects(checkGradients(t, [node('Gather', [a, indices], [2, 2, 4], { axis: 1 })], { a }), { message: /constant indices/ })
})
