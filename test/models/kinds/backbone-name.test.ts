import t from 'tap'
import { backboneName } from '../../../models/kinds/backbone-name.ts'

t.test('a backbone that comes in sizes is told with its size', async t => {
  t.equal(backboneName({ name: 'custom-csp-net', outStages: [3, 4, 5] }), 'custom-csp-net')
  t.equal(backboneName({ name: 'efficientnet-lite', variant: 2, outStages: [2, 4, 6] }), 'efficientnet-lite 2')
  t.equal(backboneName({ name: 'repvgg', variant: 'A0', outStages: [2, 3, 4] }), 'repvgg A0')
  t.equal(backboneName({ name: 'ghostnet', width: 1.3 }), 'ghostnet 1.3')
})
