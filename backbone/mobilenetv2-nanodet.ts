/**
 * MobileNetV2 (https://arxiv.org/abs/1801.04381) as NanoDet builds it. Its names differ from torchvision's, channels are
 * truncated instead of rounded to multiples of 8, and stage 6 includes the last 1×1 convolution.
 * Upstream: nanodet/model/backbone/mobilenetv2.py
 */
import { relu } from '../nn/activations.ts'
import type { Backbone } from '../nn/feature.ts'
import { conv2d, named, pointwise, sequential } from '../nn/layers.ts'
import { LIMITS, whole, widthMultiplier } from '../nn/limits.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'
import { convNormAct, invertedResiduals, LAST_CHANNELS, STAGES, STEM_CHANNELS, STEM_STRIDE } from './mobilenetv2.ts'

const OUT_STAGES = [1, 2, 4, 6]
const LAST_LIMITS = [1, 4096] as const

export interface MobileNetV2NanoDetOptions {
  /** Multiplies the number of channels, except the last convolution's. */
  width?: number
  /** Channels of stage 6. */
  lastChannels?: number
  act?: Layer
  /** Which of the stages 0 … 6 (strides 2, 4, 8, 16, 16, 32 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the requested stages. */
export function mobileNetV2NanoDet (options: MobileNetV2NanoDetOptions = {}): Backbone {
  const { width = 1, lastChannels = LAST_CHANNELS, act = relu, outStages = OUT_STAGES } = options
  const scaled = (channels: number): number => Math.trunc(channels * width)
  const stages = STAGES.map(({ expand, channels, repeats, stride }, number) => {
    const blocks = invertedResiduals(scaled(channels), repeats, stride, expand, act)
    if (number === STAGES.length - 1) blocks.push(convNormAct(pointwise(lastChannels), act))
    return { number, stride, layer: named(`stage${number}`, sequential(...blocks)) }
  })
  const stem = convNormAct(conv2d(scaled(STEM_CHANNELS), 3, { stride: STEM_STRIDE }), act)
  return stagedBackbone({ stride: STEM_STRIDE, layer: named('first_layer', stem) }, stages, outStages)
}

export const mobileNetV2NanoDetSpec = backboneSpec({
  name: 'mobilenetv2-nanodet',
  options: { width: widthMultiplier, last_channels: whole(LAST_LIMITS).default(LAST_CHANNELS) },
  outStages: [2, 4, 6],
  upstream: {
    name: 'MobileNetV2',
    act: 'ReLU',
    read: keys => ({
      width: keys.number('width_mult', LIMITS.width, 1),
      lastChannels: keys.wholeNumber('last_channel', LAST_LIMITS, LAST_CHANNELS),
      outStages: keys.numbers('out_stages', OUT_STAGES)
    })
  },
  build: (options, act) => mobileNetV2NanoDet({ ...options, act })
})
