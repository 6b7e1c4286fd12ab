import t from 'tap'
import type { ModelConfig } from '../../../models/config.ts'
import { checkConfig } from '../../../models/files/check-config.ts'
import { REGISTRY } from '../../../models/registry.ts'

const real = REGISTRY.get('nanodet-m')!

t.test('what fits together is built', async t => {
  t.same(checkConfig(real).predictions.shape, [1, 2100, 112])
})

t.test('what does not is refused', async t => {
  const refused = (change: Partial<ModelConfig>, message: RegExp) =>
    t.throws(() => checkConfig({ ...real, ...change }), { name: 'ModelFileError', message })
  refused({ input: { width: 320, height: 330 } }, /^nanodet-m: the input of 320×330 is not a multiple of 32 both ways$/)
  refused({ head: { ...real.head, strides: [8, 16] } }, /^nanodet-m: the head has strides 8, 16, its levels have 8, 16, 32$/)
  refused({ backbone: { name: 'ghostnet', width: 1, outStages: [0, 9] } }, /^nanodet-m: the head has strides 8, 16, 32, its levels have 2, 32$/)
  refused({ neck: { name: 'ghost-pan', outChannels: 97, kernel: 5, extraLevels: 0 } }, /^nanodet-m: the neck has 97 channels; ghost modules need an even/)
  refused({ neck: { name: 'ghost-pan', outChannels: 96, kernel: 4, extraLevels: 0 } }, /^nanodet-m: the parts do not fit together: fpn/)
})
