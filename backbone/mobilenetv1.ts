/**
 * MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications. https://arxiv.org/abs/1704.04861
 * Parameters are named as in timm's checkpoints (mobilenetv1_100).
 * Upstream: timm/models/efficientnet.py and _efficientnet_blocks.py (DepthwiseSeparableConv)
 */
import { relu6 } from '../nn/activations.ts'
import { makeDivisible } from '../nn/channels.ts'
import type { Backbone, Feature } from '../nn/feature.ts'
import { batchNorm, conv2d, depthwise, linear, pointwise, sequential } from '../nn/layers.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'

const STEM_CHANNELS = 32
const STAGES = [
  { channels: 64, repeats: 1, stride: 2 },
  { channels: 128, repeats: 2, stride: 4 },
  { channels: 256, repeats: 2, stride: 8 },
  { channels: 512, repeats: 6, stride: 16 },
  { channels: 1024, repeats: 2, stride: 32 }
]

export interface MobileNetV1Options {
  /** Multiplies the number of channels; the paper's are 1, 0.75, 0.5 and 0.25. */
  width?: number
  act?: Layer
  /** Which of the stages 0 … 4 (strides 2, 4, 8, 16 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the asked-for stages. */
export function mobileNetV1 ({ width = 1, act = relu6, outStages = [2, 3, 4] }: MobileNetV1Options = {}): Backbone {
  return (image, scope) => {
    let x = scope.alias('stem', stem(makeDivisible(STEM_CHANNELS * width), act)(image, scope))
    const features: Feature[] = []
    for (const [i, { channels, repeats, stride }] of STAGES.entries()) {
      const blocks = stage(makeDivisible(channels * width), repeats, i === 0 ? 1 : 2, act)
      x = scope.alias(`stage${i}`, scope.at('blocks').apply(i, blocks, x))
      features.push({ tensor: x, stride })
    }
    return features.filter((_, i) => outStages.includes(i))
  }
}

/** The ImageNet classifier: `[N, 3, H, W]` → logits `[N, classes]`. */
export function mobileNetV1Classifier ({ classes = 1000, ...options }: MobileNetV1Options & { classes?: number } = {}): Layer {
  return (image, scope) => {
    const [features] = mobileNetV1({ ...options, outStages: [4] })(image, scope)
    return scope.apply('classifier', linear(classes), op.globalMean(features!.tensor))
  }
}

const stem = (out: number, act: Layer): Layer => (image, scope) => {
  const x = scope.apply('conv_stem', conv2d(out, 3, { stride: 2 }), image)
  return scope.apply('bn1', normAct(act), x)
}

const stage = (out: number, repeats: number, stride: 1 | 2, act: Layer): Layer =>
  sequential(...Array.from({ length: repeats }, (_, i) => depthwiseSeparable(out, i === 0 ? stride : 1, act)))

const depthwiseSeparable = (out: number, stride: 1 | 2, act: Layer): Layer => (x, scope) => {
  x = scope.apply('conv_dw', depthwise(3, stride), x)
  x = scope.apply('bn1', normAct(act), x)
  x = scope.apply('conv_pw', pointwise(out), x)
  return scope.apply('bn2', normAct(act), x)
}

/** timm counts an activation to the norm before it. */
const normAct = (act: Layer): Layer => (x, scope) => act(batchNorm()(x, scope), scope.at('act'))
