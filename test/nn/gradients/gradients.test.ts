import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { depthwise, pointwise, sequential } from '../../../nn/layers.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { Scope, type Weights } from '../../../nn/scope.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'
import { operators } from '../../support/passes.ts'
import { run } from '../../support/run.ts'
import { seededWeights } from '../../support/seeded.ts'

const x = input('x', [2, 4, 6, 6])

/** Two convolutions and an activation; the parameters for which `isFed` are inputs. */
function network (isFed: Weights['isFed']): { y: Tensor, params: ReadonlyMap<string, Tensor> } {
  const scope = Scope.root({ ...seededWeights, folded: true, isFed: isFed! })
  const y = sequential(depthwise(3), pointwise(6), x => op.leakyRelu(x, 0.1))(x, scope)
  return { y, params: scope.params }
}

t.test('gradients of several outputs with respect to inputs, constants and inner tensors', async t => {
  const { y, params } = network(() => true)
  const halves = op.split(y, [3, 3]) as [Tensor, Tensor]
  await checkGradients(t, [op.mul(...halves), op.add(y, y)], { ...Object.fromEntries(params), x, inner: y })
})

t.test('what is frozen gets no nodes', async t => {
  const { y, params } = network(name => name.startsWith('1.'))
  const fed = [...params.values()].filter(({ source }) => source.kind === 'input')
  t.equal(fed.length, 2)
  const found = operators(gradients([y], [y], fed))
  t.equal(found.filter(name => name === 'Conv').length, 2) // forward alone
})

t.test('a detached tensor passes nothing on', async t => {
  const inner = op.mul(x, x)
  const y = op.mul(inner, x)
  await checkGradients(t, [y], { x })
  const [through] = gradients([y], [floats(y.shape, new Float32Array(288).fill(1))], [x], { detached: new Set([inner]) })
  t.same(operators([through!]), ['Mul', 'Mul']) // x² and ones · x²
})

t.test('what the outputs do not depend on has a gradient of zeros', async t => {
  const other = input('other', [2, 3])
  const [gradient] = gradients([x], [x], [other])
  const { dims, data } = (await run({ gradient: gradient! }, {}))['gradient']!
  t.same([dims, [...data]], [[2, 3], [0, 0, 0, 0, 0, 0]])
})

t.test('an operator without a rule is an error that names it and its layer', async t => {
  const scope = Scope.root(seededWeights)
  const y = scope.apply('head', (x, scope) => scope.apply('strange', x => node('Hardmax', [x], x.shape), x), x)
  t.throws(() => gradients([y], [y], [x], { owners: scope.owners }),
    { name: 'GradientError', op: 'Hardmax', message: 'head.strange: Hardmax has no gradient rule' })
  t.throws(() => gradients([y], [y], [x]), { message: 'Hardmax has no gradient rule' })
  t.same(gradients([y], [y], [input('frozen', [1])]).length, 1)
})

t.test('sizes known only by name are an error that names the layer', async t => {
  const scope = Scope.root(seededWeights)
  const x = input('x', ['N', 4, 'H', 'W'])
  const y = scope.apply('neck', (x, scope) => scope.apply('act', x => op.relu(x), x), x)
  t.throws(() => gradients([y], [y], [x], { owners: scope.owners }),
    { name: 'ShapeError', message: 'neck.act: gradients: a size is known only by name (got [N, 4, H, W])' })
})
