import t from 'tap'
import { prelu, relu } from '../../../nn/activations.ts'
import { convModule, depthwiseConvModule, groupNormConvModule } from '../../../nn/blocks/conv-module.ts'
import { Scope } from '../../../nn/scope.ts'
import { input } from '../../../nn/tensor.ts'
import { seededWeights } from '../../support/seeded.ts'

const x = input('x', [1, 8, 16, 16])
const norm = (name: string) => ['weight', 'bias', 'running_mean', 'running_var'].map(key => `${name}.${key}`)

t.test('convModule', async t => {
  const scope = Scope.root(seededWeights)
  t.same(convModule(12, { kernel: 3, stride: 2, act: relu })(x, scope).shape, [1, 12, 8, 8])
  t.same([...scope.params.keys()], ['conv.weight', ...norm('bn')])
  t.same(scope.params.get('conv.weight')!.shape, [12, 8, 3, 3])
})

t.test('groupNormConvModule has the same parameters whether norms are folded or not', async t => {
  for (const folded of [false, true]) {
    const scope = Scope.root({ ...seededWeights, folded })
    t.same(groupNormConvModule(64, { kernel: 3, stride: 2, act: relu })(x, scope).shape, [1, 64, 8, 8])
    t.same([...scope.params.keys()], ['conv.weight', 'gn.weight', 'gn.bias'])
  }
})

t.test('depthwiseConvModule', async t => {
  const scope = Scope.root(seededWeights)
  t.same(depthwiseConvModule(12, { kernel: 5, stride: 2, act: relu })(x, scope).shape, [1, 12, 8, 8])
  t.same([...scope.params.keys()], ['depthwise.weight', ...norm('dwnorm'), 'pointwise.weight', ...norm('pwnorm')])
  t.same(scope.params.get('depthwise.weight')!.shape, [8, 1, 5, 5])
})

t.test('an activation with a parameter finds it', async t => {
  const scope = Scope.root(seededWeights)
  convModule(12, { kernel: 1, act: prelu })(x, scope)
  t.ok(scope.params.has('act.weight'))
})
