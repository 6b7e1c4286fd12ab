import t from 'tap'
import { REGISTRY } from '../../models/registry.ts'
import { loadWeights } from '../../models/weights.ts'

t.test('the build has made the weights ready', async t => {
  const weights = await loadWeights(REGISTRY.get('nanodet-m-416')!)
  t.ok(weights.folded)
  t.equal(weights.get('backbone.conv1.0.weight', [24, 3, 3, 3]).length, 648)
})

t.test('a model without weights says which file is missing', async t => {
  await t.rejects(loadWeights(REGISTRY.get('nanodet-m')!), { code: 'ENOENT', message: /nanodet-m\.safetensors/ })
})
