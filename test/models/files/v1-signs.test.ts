import t from 'tap'
import { Section } from '../../../models/files/section.ts'
import { signOfV1 } from '../../../models/files/v1-signs.ts'

const signOf = (path: string, value: unknown): string | undefined =>
  signOfV1(new Section('mine', '', path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)))

t.test('keys that only v1.0 reads', async t => {
  for (const key of ['grad_clip', 'device.precision', 'model.weight_averager', 'model.arch.aux_head', 'model.arch.detach_epoch',
    'model.arch.head.assigner_cfg', 'data.train.load_mosaic', 'data.val.pipeline.divisible', 'schedule.optimizer.no_norm_decay']) {
    t.equal(signOf(key, 1), key)
    t.equal(signOf(key, false), key)
  }
})

t.test('values that only v1.0 knows', async t => {
  t.equal(signOf('model.arch.head.name', 'NanoDetPlusHead'), 'model.arch.head.name: NanoDetPlusHead')
  t.equal(signOf('model.arch.fpn.name', 'GhostPAN'), 'model.arch.fpn.name: GhostPAN')
  t.equal(signOf('data.train.name', 'YoloDataset'), 'data.train.name: YoloDataset')
  t.equal(signOf('data.val.name', 'YoloDataset'), 'data.val.name: YoloDataset')
  t.equal(signOf('device.gpu_ids', -1), 'device.gpu_ids: -1')
})

t.test('files of v0.x have none', async t => {
  t.equal(signOf('model.arch.head.name', 'NanoDetHead'), undefined)
  t.equal(signOf('data.val.name', 'CocoDataset'), undefined)
  t.equal(signOf('model.arch', 'text'), undefined)
})
