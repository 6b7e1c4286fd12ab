import t from 'tap'
import { REGISTRY } from '../../../models/registry.ts'
import { isAssignedByPredictions } from '../../../training/graph/generation.ts'

t.test('only NanoDet-Plus\'s targets depend on predictions', async t => {
  for (const [name, config] of REGISTRY) t.equal(isAssignedByPredictions(config), name.startsWith('nanodet-plus'), name)
})
