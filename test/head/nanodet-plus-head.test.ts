import t from 'tap'
import { nanoDetPlusHead } from '../../head/nanodet-plus-head.ts'
import { relu } from '../../nn/activations.ts'
import { depthwiseConvModule } from '../../nn/blocks/conv-module.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { seededWeights } from '../support/seeded.ts'

t.test('four levels, 5×5 kernels, one tower each', async t => {
  const levels = [8, 16, 32, 64].map(stride => ({ tensor: input(`p${stride}`, [1, 8, 320 / stride, 320 / stride]), stride }))
  const scope = Scope.root(seededWeights)
  const head = nanoDetPlusHead({ numClasses: 20, regMax: 5, featChannels: 8, stackedConvs: 2, convModule: depthwiseConvModule, act: relu })
  t.same(head(levels, scope).shape, [1, 2125, 44])
  t.same(scope.params.get('cls_convs.3.1.depthwise.weight')!.shape, [8, 1, 5, 5])
  t.notOk([...scope.params.keys()].some(name => name.includes('reg')))
})
