/**
 * MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications. https://arxiv.org/abs/1704.04861
 * Parameter names are those of timm's checkpoints (mobilenetv1_100).
 * Upstream: timm/models/efficientnet.py and _efficientnet_blocks.py (DepthwiseSeparableConv)
 */
import { relu6 } from '../nn/activations.ts'
import { makeDivisible } from '../nn/channels.ts'
import type { Backbone } from '../nn/feature.ts'
import { batchNorm, conv2d, depthwise, linear, named, pointwise, sequential, within } from '../nn/layers.ts'
import { widthMultiplier } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec, classifierSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

const STEM_CHANNELS = 32
const STEM_STRIDE = 2
const STAGES: ReadonlyArray<{ readonly channels: number, readonly repeats: number, readonly stride: 1 | 2 }> = [
  { channels: 64, repeats: 1, stride: 1 },
  { channels: 128, repeats: 2, stride: 2 },
  { channels: 256, repeats: 2, stride: 2 },
  { channels: 512, repeats: 6, stride: 2 },
  { channels: 1024, repeats: 2, stride: 2 }
]

export interface MobileNetV1Options {
  /** Multiplies the number of channels; the paper's are 1, 0.75, 0.5 and 0.25. */
  width?: number
  act?: Layer
  /** Which of the stages 0 … 4 (strides 2, 4, 8, 16 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the requested stages. */
export function mobileNetV1 ({ width = 1, act = relu6, outStages = [2, 3, 4] }: MobileNetV1Options = {}): Backbone {
  const stages = STAGES.map(({ channels, repeats, stride }, number) =>
    ({ number, stride, layer: within('blocks', named(number, stage(makeDivisible(channels * width), repeats, stride, act))) }))
  return stagedBackbone({ stride: STEM_STRIDE, layer: stem(makeDivisible(STEM_CHANNELS * width), act) }, stages, outStages)
}

/** The ImageNet classifier: `[N, 3, H, W]` → logits `[N, classes]`. */
export function mobileNetV1Classifier ({ classes = 1000, ...options }: MobileNetV1Options & { classes?: number } = {}): Layer {
  return (image, scope) => {
    const [features] = mobileNetV1({ ...options, outStages: [4] })(image, scope)
    return scope.apply('classifier', linear(classes), op.globalMean(features!.tensor))
  }
}

const OPTIONS = { width: widthMultiplier }

export const mobileNetV1Spec = backboneSpec({
  name: 'mobilenetv1',
  options: OPTIONS,
  outStages: [2, 3, 4],
  build: (options, act) => mobileNetV1({ ...options, act })
})

export const mobileNetV1ClassifierSpec = classifierSpec({
  name: 'mobilenetv1',
  options: OPTIONS,
  build: (options, classes) => mobileNetV1Classifier({ ...options, classes })
})

const stem = (out: number, act: Layer): Layer => (image, scope) => {
  const x = scope.apply('conv_stem', conv2d(out, 3, { stride: STEM_STRIDE }), image)
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

/** In timm, the activation is part of the norm before it. */
const normAct = (act: Layer): Layer => (x, scope) => act(batchNorm()(x, scope), scope.at('act'))
