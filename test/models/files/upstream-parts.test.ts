import t from 'tap'
import { Section } from '../../../models/files/section.ts'
import { BACKBONES, HEADS, NECKS, type Reader } from '../../../models/files/upstream-parts.ts'
import { CSP_STAGES } from '../../support/upstream-yaml.ts'

const read = <T>(readers: Readonly<Record<string, Reader<T>>>, name: string, keys: Record<string, unknown> = {}): T =>
  readers[name]!.read(new Section('mine', 'part', keys))

t.test('without keys, the defaults of upstream\'s classes count', async t => {
  t.same(read(BACKBONES, 'ShuffleNetV2'), { name: 'shufflenetv2', width: '1.5x', outStages: [2, 3, 4] })
  t.same(read(BACKBONES, 'GhostNet'), { name: 'ghostnet', width: 1, outStages: [4, 6, 9] })
  t.same(read(BACKBONES, 'EfficientNetLite', { model_name: 'efficientnet_lite4' }), { name: 'efficientnet-lite', variant: 4, outStages: [2, 4, 6] })
  t.same(read(BACKBONES, 'MobileNetV2'), { name: 'mobilenetv2-nanodet', width: 1, lastChannels: 1280, outStages: [1, 2, 4, 6] })
  t.same(read(BACKBONES, 'RepVGG', { arch: 'A1' }), { name: 'repvgg', variant: 'A1', outStages: [1, 2, 3, 4] })
  t.same(read(NECKS, 'FPN', { out_channels: 64 }), { name: 'fpn', outChannels: 64 })
  t.same(read(NECKS, 'GhostPAN', { out_channels: 64, use_depthwise: true }), { name: 'ghost-pan', outChannels: 64, kernel: 5, extraLevels: 0 })
  t.same(read(NECKS, 'GhostPAN', { out_channels: 64 }),
    { name: 'ghost-pan', outChannels: 64, kernel: 5, extraLevels: 0, convModule: 'dense' })
  const shared = { stackedConvs: 2, convModule: 'depthwise', strides: [8, 16, 32] }
  t.same(read(HEADS, 'NanoDetHead'), { ...shared, name: 'nanodet-head', featChannels: 256, shareClsReg: false, regMax: 16, offset: 0.5 })
  t.same(read(HEADS, 'GFLHead'),
    { name: 'gfl-head', featChannels: 256, stackedConvs: 4, norm: 'group', regMax: 16, strides: [8, 16, 32], offset: 0.5 })
  t.same(read(HEADS, 'NanoDetPlusHead'), { ...shared, name: 'nanodet-plus-head', featChannels: 96, shareClsReg: true, regMax: 7, offset: 0 })
})

t.test('keys are read', async t => {
  t.same(read(BACKBONES, 'ShuffleNetV2', { model_size: '0.5x', out_stages: [3, 4], with_last_conv: true }),
    { name: 'shufflenetv2', width: '0.5x', outStages: [3, 4], withLastConv: true })
  t.same(read(BACKBONES, 'MobileNetV2', { width_mult: 0.5, last_channel: 640, out_stages: [2, 4, 6] }),
    { name: 'mobilenetv2-nanodet', width: 0.5, lastChannels: 640, outStages: [2, 4, 6] })
  t.same(read(BACKBONES, 'GhostNet', { width_mult: 1.3 }), { name: 'ghostnet', width: 1.3, outStages: [4, 6, 9] })
  t.same(read(BACKBONES, 'CustomCspNet', { net_cfg: CSP_STAGES, out_stages: [4, 5] }), { name: 'custom-csp-net', outStages: [4, 5] })
  t.same(read(BACKBONES, 'RepVGG', { arch: 'A0', last_channel: 512, deploy: true, out_stages: [2, 3, 4] }),
    { name: 'repvgg', variant: 'A0', lastChannels: 512, outStages: [2, 3, 4] })
  t.notOk('lastChannels' in read(BACKBONES, 'RepVGG', { arch: 'A0', last_channel: null }))
  t.same(read(NECKS, 'TAN', { out_channels: 64, num_heads: 4, num_encoders: 2, mlp_ratio: 3 }),
    { name: 'tan', outChannels: 64, heads: 4, encoders: 2, mlpRatio: 3 })
  t.match(read(HEADS, 'GFLHead', { norm_cfg: { type: 'BN' }, feat_channels: 96 }), { norm: 'batch', featChannels: 96 })
  t.match(read(HEADS, 'GFLHead', { norm_cfg: { type: 'GN', num_groups: 32 } }), { norm: 'group' })
  t.match(read(HEADS, 'NanoDetHead', { conv_type: 'Conv', reg_max: 10, stacked_convs: 1 }), { convModule: 'dense', regMax: 10, stackedConvs: 1 })
})

t.test('unsupported values are refused', async t => {
  const refused = <T>(readers: Readonly<Record<string, Reader<T>>>, name: string, keys: Record<string, unknown>, message: string) =>
    t.throws(() => read(readers, name, { out_channels: 64, ...keys }), { name: 'ModelFileError', message })
  refused(BACKBONES, 'CustomCspNet', { net_cfg: [['Conv', 3, 16, 3, 2]] }, `mine: part.net_cfg: [["Conv",3,16,3,2]] is not supported; supported: ${JSON.stringify(CSP_STAGES)}`)
  refused(BACKBONES, 'CustomCspNet', {}, `mine: part.net_cfg: null is not supported; supported: ${JSON.stringify(CSP_STAGES)}`)
  refused(BACKBONES, 'EfficientNetLite', { model_name: 'efficientnet_b0' }, 'mine: part.model_name: efficientnet_b0 is not supported; supported: ' +
    [0, 1, 2, 3, 4].map(variant => `efficientnet_lite${variant}`).join(', '))
  refused(BACKBONES, 'RepVGG', { arch: 'B0' }, 'mine: part.arch: B0 is not supported; supported: A0, A1, A2')
  refused(BACKBONES, 'RepVGG', { arch: 'A0', last_channel: 0 }, 'mine: part.last_channel: 0 is not a whole number from 1 to 1024')
  refused(NECKS, 'TAN', {}, 'mine: part.num_heads is missing')
  refused(HEADS, 'GFLHead', { norm_cfg: { type: 'GN', num_groups: 16 } }, 'mine: part.norm_cfg.num_groups: 16 is not supported; supported: 32')
  refused(HEADS, 'GFLHead', { norm_cfg: { type: 'SyncBN' } }, 'mine: part.norm_cfg.type: SyncBN is not supported; supported: BN, GN')
  refused(NECKS, 'PAN', { start_level: 1 }, 'mine: part.start_level: 1 is not supported; supported: 0')
  refused(NECKS, 'PAN', { norm_cfg: { type: 'BN' } }, 'mine: part.norm_cfg: {"type":"BN"} is not supported; supported: null')
  refused(NECKS, 'GhostPAN', { use_depthwise: true, expand: 2 }, 'mine: part.expand: 2 is not supported; supported: 1')
  refused(HEADS, 'NanoDetPlusHead', { kernel_size: 3 }, 'mine: part.kernel_size: 3 is not supported; supported: 5')
  refused(HEADS, 'NanoDetHead', { norm_cfg: { type: 'GN' } }, 'mine: part.norm_cfg.type: GN is not supported; supported: "BN"')
  refused(HEADS, 'NanoDetHead', { reg_max: 0 }, 'mine: part.reg_max: 0 is not a whole number from 1 to 64')
})
