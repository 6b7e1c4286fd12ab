import t from 'tap'
import type { ModelConfig } from '../../../models/config.ts'
import { checkConfig } from '../../../models/files/check-config.ts'
import { REGISTRY } from '../../../models/registry.ts'

const real = REGISTRY.get('nanodet-m')!

t.test('parts that fit together are built', async t => {
  t.same(checkConfig(real).predictions.shape, [1, 2100, 112])
  t.same(checkConfig({ ...real, input: { width: 300, height: 330 } }).image.shape, [1, 3, 352, 320], 'padded to multiples of 32')
  t.same(checkConfig({ ...real, head: { ...real.head, strides: [8, 16] } }).predictions.shape, [1, 2000, 112], 'the last level is passed over')
})

t.test('parts that do not are refused', async t => {
  const refused = (change: Partial<ModelConfig>, message: RegExp) =>
    t.throws(() => checkConfig({ ...real, ...change }), { name: 'ModelFileError', message })
  refused({ head: { ...real.head, strides: [8, 16, 32, 64] } }, /^nanodet-m: the head has the strides 8, 16, 32, 64, its levels have 8, 16, 32$/)
  refused({ head: { ...real.head, strides: [16, 32] } }, /^nanodet-m: the head has the strides 16, 32, its levels have 8, 16, 32$/)
  refused({ backbone: { name: 'ghostnet', width: 1, outStages: [0, 9] } }, /^nanodet-m: the head has the strides 8, 16, 32, its levels have 2, 32$/)
  refused({ neck: { name: 'ghost-pan', outChannels: 97, kernel: 5, extraLevels: 0 } }, /^nanodet-m: the neck has 97 channels; ghost modules need an even/)
  refused({ neck: { name: 'ghost-pan', outChannels: 96, kernel: 4, extraLevels: 0 } }, /^nanodet-m: the parts do not fit together: fpn/)
})
