import t from 'tap'
import { ownDescription } from '../../../cli/load/own-description.ts'
import { readOwnConfig } from '../../../models/files/own-config.ts'
import { REGISTRY } from '../../../models/registry.ts'

for (const [name, { weights, published, ...config }] of REGISTRY) {
  t.test(`${name} is described completely`, async t => {
    t.same(readOwnConfig(ownDescription(config), name), { kind: 'detector', config })
  })
}
