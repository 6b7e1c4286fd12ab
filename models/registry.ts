/** The published models, as upstream's config files describe them. Upstream: config, config/legacy_v0.x_configs */
import type { EfficientNetLiteVariant } from '../backbone/efficientnet-lite.ts'
import type { ShuffleNetV2Width } from '../backbone/shufflenetv2.ts'
import type { BackboneConfig, HeadConfig, NeckConfig } from './architectures.ts'
import type { ModelConfig, Normalization } from './config.ts'
import { COCO_LABELS } from './labels.ts'
import { IMAGENET_BGR } from './normalize.ts'

const EFFICIENTNET_BGR: Normalization = { channelOrder: 'BGR', mean: [127, 127, 127], std: [128, 128, 128] }
const README = 'https://github.com/RangiLyu/nanodet#readme'

type NanoDetHeadConfig = Exclude<HeadConfig, { name: 'gfl-head' }>

/** Where models of the first generation differ: the backbone, and as many channels in the neck as in the head. */
interface Parts {
  readonly backbone: BackboneConfig
  readonly channels: number
  readonly neck?: NeckConfig
  readonly head?: Partial<NanoDetHeadConfig>
  readonly act?: ModelConfig['act']
  readonly normalization?: Normalization
}

/** The first generation: by default PAN and NanoDetHead. Trained and scored with the centered letterbox of v0.x. */
function nanodet (name: string, size: number, { backbone, channels, neck, head, act, normalization }: Parts): ModelConfig {
  return {
    name,
    backbone,
    neck: neck ?? { name: 'pan', outChannels: channels },
    head: {
      name: 'nanodet-head',
      featChannels: channels,
      stackedConvs: 2,
      convModule: 'depthwise',
      shareClsReg: true,
      regMax: 7,
      strides: [8, 16, 32],
      offset: 0.5,
      ...head
    },
    act: act ?? 'LeakyReLU',
    input: { width: size, height: size },
    resizeMode: 'letterbox',
    normalization: normalization ?? IMAGENET_BGR,
    labels: COCO_LABELS
  }
}

const shuffleNetV2 = (width: ShuffleNetV2Width): BackboneConfig => ({ name: 'shufflenetv2', width, outStages: [2, 3, 4] })

const nanodetM = (name: string, width: ShuffleNetV2Width, channels: number, size: number): ModelConfig =>
  nanodet(name, size, { backbone: shuffleNetV2(width), channels })

/** Attention in the neck: one input size only. */
const nanodetT = (name: string): ModelConfig => nanodet(name, 320, {
  backbone: shuffleNetV2('1.0x'),
  neck: { name: 'tan', outChannels: 128, heads: 8, encoders: 1, mlpRatio: 4 },
  channels: 128
})

/** Dense convolutions alone, for processors that are good at these. */
const nanodetG = (name: string): ModelConfig => nanodet(name, 416, {
  backbone: { name: 'custom-csp-net', outStages: [3, 4, 5] },
  channels: 128,
  head: { convModule: 'dense', stackedConvs: 1, regMax: 10 }
})

const efficientLite = (
  variant: EfficientNetLiteVariant, channels: number, size: number, head: Partial<NanoDetHeadConfig>
): ModelConfig => nanodet(`nanodet-efficientlite${variant}-${size}`, size, {
  backbone: { name: 'efficientnet-lite', variant, outStages: [2, 4, 6] },
  channels,
  head,
  act: 'ReLU6',
  normalization: EFFICIENTNET_BGR
})

const nanodetRepVgg = (name: string): ModelConfig => nanodet(name, 416, {
  backbone: { name: 'repvgg', variant: 'A0', lastChannels: 512, outStages: [2, 3, 4] },
  channels: 128,
  head: { convModule: 'dense', regMax: 10 },
  act: 'ReLU'
})

/** The second generation: ShuffleNetV2, GhostPAN, NanoDetPlusHead on four levels. Photos are stretched. */
const nanodetPlusM = (name: string, width: ShuffleNetV2Width, channels: number, size: number): ModelConfig => ({
  ...nanodet(name, size, {
    backbone: shuffleNetV2(width),
    neck: { name: 'ghost-pan', outChannels: channels, kernel: 5, extraLevels: 1 },
    channels,
    head: { name: 'nanodet-plus-head', strides: [8, 16, 32, 64], offset: 0 }
  }),
  resizeMode: 'stretch'
})

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
  { ...nanodetT('nanodet-t'), published: { ap: 0.217, ap50: 0.363, ap75: 0.218, source: README } },
  { ...nanodetG('nanodet-g'), published: { ap: 0.229, source: README } },
  { ...efficientLite(0, 96, 320, {}), published: { ap: 0.247, ap50: 0.404, ap75: 0.25, source: README } },
  {
    ...efficientLite(1, 128, 416, { stackedConvs: 3, regMax: 10 }),
    published: { ap: 0.303, ap50: 0.471, ap75: 0.313, source: README }
  },
  {
    ...efficientLite(2, 128, 512, { stackedConvs: 4, regMax: 10 }),
    published: { ap: 0.326, ap50: 0.501, ap75: 0.344, source: README }
  },
  { ...nanodetRepVgg('nanodet-repvgg-a0-416'), published: { ap: 0.278, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-320', '1.0x', 96, 320), published: { ap: 0.27, ap50: 0.418, ap75: 0.281, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-416', '1.0x', 96, 416), published: { ap: 0.304, ap50: 0.459, ap75: 0.317, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-1.5x-320', '1.5x', 128, 320), published: { ap: 0.299, ap50: 0.454, ap75: 0.312, source: README } },
  { ...nanodetPlusM('nanodet-plus-m-1.5x-416', '1.5x', 128, 416), published: { ap: 0.341, ap50: 0.506, ap75: 0.357, source: README } }
]

/** Models by name. */
export const REGISTRY: ReadonlyMap<string, ModelConfig> = new Map(MODELS.map(model => [model.name, model]))
