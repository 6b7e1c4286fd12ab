import t from 'tap'
import { repVgg, type RepVggOptions } from '../../../backbone/repvgg.ts'
import { reparameterize } from '../../../models/checkpoints/reparameterize.ts'
import { weightsOf, type StateDict } from '../../../models/checkpoints/state-dict.ts'
import { Scope, type Weights } from '../../../nn/scope.ts'
import { input } from '../../../nn/tensor.ts'
import { run } from '../../support/run.ts'
import { seededImage, seededStateDict, seededWeights } from '../../support/seeded.ts'

const image = input('image', [1, 3, 64, 64])
const features = (form: RepVggOptions['form'] & string, scope: Scope) => repVgg({ variant: 'A0', lastChannels: 64, form })(image, scope)
const scope = Scope.root(seededWeights)
features('train', scope)
const trained: StateDict = seededStateDict(scope.params)
const served = reparameterize(trained)

async function outputs (form: 'train' | 'deploy', weights: Weights) {
  const tensors = Object.fromEntries(features(form, Scope.root(weights)).map(({ tensor, stride }) => [stride, tensor]))
  return run(tensors, { image: { dims: [1, 3, 64, 64], data: seededImage(64) } })
}

t.test('one convolution computes what three branches do', async t => {
  const [expected, found] = [await outputs('train', seededWeights), await outputs('deploy', weightsOf(served))]
  for (const [stride, { data }] of Object.entries(expected)) {
    const largest = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    t.ok(data.every((value, i) => Math.abs(value - found[stride]!.data[i]!) < 1e-5 * largest), `stride ${stride}`)
  }
})

t.test('of the branches nothing is left, of the rest everything', async t => {
  const norm = { shape: [4], data: Float32Array.of(1, 2, 3, 4) }
  const { parameters } = reparameterize({ folded: false, parameters: new Map([...trained.parameters, ['head.bn.weight', norm]]) })
  t.notOk([...parameters.keys()].some(name => /rbr_(dense|1x1|identity)/.test(name)))
  t.equal(parameters.get('head.bn.weight'), norm)
  t.same(parameters.get('stage0.rbr_reparam.weight')!.shape, [48, 3, 3, 3])
  t.same(parameters.get('stage0.rbr_reparam.bias')!.shape, [48])
})

t.test('a checkpoint that is served already comes back as it is', async t => t.equal(reparameterize(served), served))

t.test('a branch that is not whole is refused by name', async t => {
  const parameters = new Map(trained.parameters)
  parameters.delete('stage1.1.rbr_identity.running_var')
  t.throws(() => reparameterize({ folded: false, parameters }), { message: 'parameter stage1.1.rbr_identity.running_var [48] is not in the checkpoint' })
})
