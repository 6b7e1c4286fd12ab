/** The published models, as upstream's config files describe them. Upstream: config/legacy_v0.x_configs */
import type { ShuffleNetV2Width } from '../backbone/shufflenetv2.ts'
import type { ModelConfig } from './config.ts'
import { COCO_LABELS } from './labels.ts'
import { IMAGENET_BGR } from './normalize.ts'

const README = 'https://github.com/RangiLyu/nanodet#readme'

/** The first generation: ShuffleNetV2, PAN, NanoDetHead. Trained and scored with the centred letterbox of v0.x. */
function nanodetM (name: string, width: ShuffleNetV2Width, channels: number, size: number): ModelConfig {
  return {
    name,
    backbone: { name: 'shufflenetv2', width, outStages: [2, 3, 4] },
    neck: { name: 'pan', outChannels: channels },
    head: {
      name: 'nanodet-head',
      featChannels: channels,
      stackedConvs: 2,
      convModule: 'depthwise',
      shareClsReg: true,
      regMax: 7,
      strides: [8, 16, 32],
      offset: 0.5
    },
    act: 'LeakyReLU',
    input: { width: size, height: size },
    geometry: 'letterbox',
    normalization: IMAGENET_BGR,
    labels: COCO_LABELS
  }
}

/** The second generation: ShuffleNetV2, GhostPAN, NanoDetPlusHead on four levels. Photos are stretched. */
function nanodetPlusM (name: string, width: ShuffleNetV2Width, channels: number, size: number): ModelConfig {
  return {
    ...nanodetM(name, width, channels, size),
    neck: { name: 'ghost-pan', outChannels: channels, kernel: 5, extraLevels: 1 },
    head: {
      name: 'nanodet-plus-head',
      featChannels: channels,
      stackedConvs: 2,
      convModule: 'depthwise',
      shareClsReg: true,
      regMax: 7,
      strides: [8, 16, 32, 64],
      offset: 0
    },
    geometry: 'stretch'
  }
}

const MODELS: readonly ModelConfig[] = [
  { ...nanodetM('nanodet-m-0.5x', '0.5x', 96, 320), published: { ap: 0.135, ap50: 0.245, ap75: 0.129, source: README } },
  { ...nanodetM('nanodet-m', '1.0x', 96, 320), published: { ap: 0.206, source: README } },
  {
    ...nanodetM('nanodet-m-416', '1.0x', 96, 416),
    published: { ap: 0.235, ap50: 0.384, ap75: 0.242, source: README },
    weights: { package: '@vladmandic/human@1.2.1', license: 'MIT', trainedBy: 'NanoDet (Apache-2.0)' }
  },
  { ...nanodetM('nanodet-m-1.5x', '1.5x', 128, 320), published: { ap: 0.235, ap50: 0.384, ap75: 0.239, source: README } },
  { ...nanodetM('nanodet-m-1.5x-416', '1.5x', 128, 416), published: { ap: 0.268, ap50: 0.424, ap75: 0.276, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-320', '1.0x', 96, 320), published: { ap: 0.27, ap50: 0.418, ap75: 0.281, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-416', '1.0x', 96, 416), published: { ap: 0.304, ap50: 0.459, ap75: 0.317, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-1.5x-320', '1.5x', 128, 320), published: { ap: 0.299, ap50: 0.454, ap75: 0.312, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-1.5x-416', '1.5x', 128, 416), published: { ap: 0.341, ap50: 0.506, ap75: 0.357, source: README } }
]

/** Models by name. */
export const REGISTRY: ReadonlyMap<string, ModelConfig> = new Map(MODELS.map(model => [model.name, model]))
