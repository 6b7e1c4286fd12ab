/**
 * The parts of upstream's config files as parts of ours. Where a key is left out, the default of upstream's class counts; a value that no
 * network here is made with is an error. Upstream: the constructors in nanodet/model/backbone, fpn and head
 */
import { EFFICIENTNET_LITE_VARIANTS } from '../../backbone/efficientnet-lite.ts'
import { REPVGG_VARIANTS } from '../../backbone/repvgg.ts'
import { SHUFFLENET_V2_WIDTHS } from '../../backbone/shufflenetv2.ts'
import type { ActivationName } from '../../nn/activations.ts'
import type { BackboneConfig, GflHeadConfig, HeadConfig, NanoDetHeadConfig, NeckConfig } from '../config.ts'
import { LIMITS } from './limits.ts'
import type { Section } from './section.ts'

/** How a part is read whose `name` is known. */
export interface Reader<Config> {
  /** The activation where the file names none; undefined where the part has no activation. */
  readonly act?: ActivationName
  readonly read: (keys: Section) => Config
}

export const BACKBONES: Readonly<Record<string, Reader<BackboneConfig>>> = {
  CustomCspNet: { act: 'LeakyReLU', read: readCustomCspNet },
  EfficientNetLite: { act: 'ReLU6', read: readEfficientNetLite },
  GhostNet: { act: 'ReLU', read: readGhostNet },
  RepVGG: { act: 'ReLU', read: readRepVgg },
  ShuffleNetV2: { act: 'ReLU', read: readShuffleNetV2 }
}
export const NECKS: Readonly<Record<string, Reader<NeckConfig>>> = {
  FPN: { read: keys => readPyramid(keys, 'fpn') },
  GhostPAN: { act: 'LeakyReLU', read: readGhostPan },
  PAN: { read: keys => readPyramid(keys, 'pan') },
  TAN: { act: 'LeakyReLU', read: readTan }
}
export const HEADS: Readonly<Record<string, Reader<HeadConfig>>> = {
  GFLHead: { read: readGflHead },
  NanoDetHead: { act: 'LeakyReLU', read: readNanoDetHead },
  NanoDetPlusHead: { act: 'LeakyReLU', read: readNanoDetPlusHead }
}
/** nanodet-g's stages, the only ones that a network here is made with: convolution, pool and blocks, each with its channels and stride. */
const CSP_STAGES = [
  ['Conv', 3, 32, 3, 2], ['MaxPool', 3, 2],
  ['CspBlock', 32, 1, 3, 1], ['CspBlock', 64, 2, 3, 2], ['CspBlock', 128, 2, 3, 2], ['CspBlock', 256, 3, 3, 2]
]
const GROUPS = 32

function readCustomCspNet (keys: Section): BackboneConfig {
  keys.only('net_cfg', CSP_STAGES, null)
  return { name: 'custom-csp-net', outStages: keys.numbers('out_stages') }
}

/** The activation reaches the stem alone, here as upstream. */
function readEfficientNetLite (keys: Section): BackboneConfig {
  const names = EFFICIENTNET_LITE_VARIANTS.map(variant => `efficientnet_lite${variant}`)
  const variant = EFFICIENTNET_LITE_VARIANTS[names.indexOf(keys.oneOf('model_name', names))]!
  return { name: 'efficientnet-lite', variant, outStages: keys.numbers('out_stages', [2, 4, 6]) }
}

/** Whichever form `deploy` says: checkpoints of both are read. */
function readRepVgg (keys: Section): BackboneConfig {
  keys.flag('deploy', false)
  const isSet = keys.raw('last_channel', null) !== null
  return {
    name: 'repvgg',
    variant: keys.oneOf('arch', REPVGG_VARIANTS),
    outStages: keys.numbers('out_stages', [1, 2, 3, 4]),
    ...(isSet && { lastChannels: keys.wholeNumber('last_channel', LIMITS.channels) })
  }
}

function readShuffleNetV2 (keys: Section): BackboneConfig {
  return {
    name: 'shufflenetv2',
    width: keys.oneOf('model_size', SHUFFLENET_V2_WIDTHS, '1.5x'),
    outStages: keys.numbers('out_stages', [2, 3, 4]),
    ...(keys.flag('with_last_conv', false) && { withLastConv: true })
  }
}

function readGhostNet (keys: Section): BackboneConfig {
  return { name: 'ghostnet', width: keys.number('width_mult', LIMITS.width, 1), outStages: keys.numbers('out_stages', [4, 6, 9]) }
}

function readPyramid (keys: Section, name: 'fpn' | 'pan'): NeckConfig {
  for (const [key, value] of [['start_level', 0], ['end_level', -1], ['conv_cfg', null], ['norm_cfg', null], ['activation', null]] as const) {
    keys.only(key, value)
  }
  return { name, outChannels: keys.wholeNumber('out_channels', LIMITS.channels) }
}

function readGhostPan (keys: Section): NeckConfig {
  for (const [key, value] of [['expand', 1], ['num_blocks', 1], ['use_res', false], ['upsample_cfg', { scale_factor: 2, mode: 'bilinear' }]] as const) {
    keys.only(key, value)
  }
  keys.only('use_depthwise', true, false)
  batchNormOnly(keys)
  return {
    name: 'ghost-pan',
    outChannels: keys.wholeNumber('out_channels', LIMITS.channels),
    kernel: keys.wholeNumber('kernel_size', LIMITS.kernel, 5),
    extraLevels: keys.wholeNumber('num_extra_level', LIMITS.extraLevels, 0)
  }
}

function readTan (keys: Section): NeckConfig {
  return {
    name: 'tan',
    outChannels: keys.wholeNumber('out_channels', LIMITS.channels),
    heads: keys.wholeNumber('num_heads', LIMITS.heads),
    encoders: keys.wholeNumber('num_encoders', LIMITS.encoders),
    mlpRatio: keys.wholeNumber('mlp_ratio', LIMITS.mlpRatio)
  }
}

/** Its towers have ReLU, whatever the file says. */
function readGflHead (keys: Section): HeadConfig {
  keys.only('conv_cfg', null)
  return {
    name: 'gfl-head',
    featChannels: keys.wholeNumber('feat_channels', LIMITS.channels, 256),
    stackedConvs: keys.wholeNumber('stacked_convs', LIMITS.stackedConvs, 4),
    norm: readNorm(keys),
    regMax: keys.wholeNumber('reg_max', LIMITS.regMax, 16),
    strides: keys.numbers('strides', [8, 16, 32]),
    offset: 0.5
  }
}

function readNorm (keys: Section): GflHeadConfig['norm'] {
  if (!keys.has('norm_cfg')) return 'group'
  const norm = keys.section('norm_cfg')
  if (norm.oneOf('type', ['BN', 'GN']) === 'BN') return 'batch'
  norm.only('num_groups', GROUPS)
  return 'group'
}

function readNanoDetHead (keys: Section): HeadConfig {
  keys.only('conv_cfg', null)
  return {
    name: 'nanodet-head',
    featChannels: keys.wholeNumber('feat_channels', LIMITS.channels, 256),
    shareClsReg: keys.flag('share_cls_reg', false),
    regMax: keys.wholeNumber('reg_max', LIMITS.regMax, 16),
    offset: 0.5,
    ...readTower(keys)
  }
}

function readNanoDetPlusHead (keys: Section): HeadConfig {
  keys.only('kernel_size', 5)
  return {
    name: 'nanodet-plus-head',
    featChannels: keys.wholeNumber('feat_channels', LIMITS.channels, 96),
    shareClsReg: true,
    regMax: keys.wholeNumber('reg_max', LIMITS.regMax, 7),
    offset: 0,
    ...readTower(keys)
  }
}

function readTower (keys: Section): Pick<NanoDetHeadConfig, 'stackedConvs' | 'convModule' | 'strides'> {
  batchNormOnly(keys)
  return {
    stackedConvs: keys.wholeNumber('stacked_convs', LIMITS.stackedConvs, 2),
    convModule: keys.oneOf('conv_type', ['Conv', 'DWConv'], 'DWConv') === 'Conv' ? 'dense' : 'depthwise',
    strides: keys.numbers('strides', [8, 16, 32])
  }
}

function batchNormOnly (keys: Section): void {
  if (keys.has('norm_cfg')) keys.section('norm_cfg').only('type', 'BN')
}
