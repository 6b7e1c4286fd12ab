/**
 * EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks. https://arxiv.org/abs/1905.11946
 * The Lite variant has no squeeze-excite, uses ReLU6 instead of swish, and does not scale the stem and the ends:
 * https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
 * Upstream: nanodet/model/backbone/efficientnet_lite.py
 */
import { z } from 'zod'
import { relu6 } from '../nn/activations.ts'
import { makeDivisible } from '../nn/channels.ts'
import type { Backbone } from '../nn/feature.ts'
import { batchNorm, conv2d, depthwise, named, pointwise, sequential, within } from '../nn/layers.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

export const EFFICIENTNET_LITE_VARIANTS = [0, 1, 2, 3, 4] as const
export type EfficientNetLiteVariant = typeof EFFICIENTNET_LITE_VARIANTS[number]

interface Stage {
  readonly repeats: number
  readonly kernel: number
  readonly stride: 1 | 2
  readonly expand: number
  readonly channels: number
}

const STEM_CHANNELS = 32
const STEM_STRIDE = 2
const EPSILON = 1e-3
/** Multipliers of channels and blocks. */
const SCALING: Record<EfficientNetLiteVariant, { readonly width: number, readonly depth: number }> = {
  0: { width: 1.0, depth: 1.0 },
  1: { width: 1.0, depth: 1.1 },
  2: { width: 1.1, depth: 1.2 },
  3: { width: 1.2, depth: 1.4 },
  4: { width: 1.4, depth: 1.8 }
}
/** The paper's table 1. */
const STAGES: readonly Stage[] = [
  { repeats: 1, kernel: 3, stride: 1, expand: 1, channels: 16 },
  { repeats: 2, kernel: 3, stride: 2, expand: 6, channels: 24 },
  { repeats: 2, kernel: 5, stride: 2, expand: 6, channels: 40 },
  { repeats: 3, kernel: 3, stride: 2, expand: 6, channels: 80 },
  { repeats: 3, kernel: 5, stride: 1, expand: 6, channels: 112 },
  { repeats: 4, kernel: 5, stride: 2, expand: 6, channels: 192 },
  { repeats: 1, kernel: 3, stride: 1, expand: 6, channels: 320 }
]

export interface EfficientNetLiteOptions {
  variant: EfficientNetLiteVariant
  /** Activation of the stem only. The blocks always use ReLU6, as upstream. */
  act?: Layer
  /** Which of the stages 0 … 6 (strides 2, 4, 8, 16, 16, 32 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the requested stages. */
export function efficientNetLite ({ variant, act = relu6, outStages = [2, 4, 6] }: EfficientNetLiteOptions): Backbone {
  const stages = STAGES.map((stage, number) =>
    ({ number, stride: stage.stride, layer: within('blocks', named(number, blocksOf(scaled(stage, variant)))) }))
  return stagedBackbone({ stride: STEM_STRIDE, layer: named('stem', stem(act)) }, stages, outStages)
}

const UPSTREAM_NAMES = EFFICIENTNET_LITE_VARIANTS.map(variant => `efficientnet_lite${variant}`)

export const efficientNetLiteSpec = backboneSpec({
  name: 'efficientnet-lite',
  options: { variant: z.literal(EFFICIENTNET_LITE_VARIANTS) },
  outStages: [2, 4, 6],
  upstream: {
    name: 'EfficientNetLite',
    act: 'ReLU6',
    read: keys => ({
      variant: EFFICIENTNET_LITE_VARIANTS[UPSTREAM_NAMES.indexOf(keys.oneOf('model_name', UPSTREAM_NAMES))]!,
      outStages: keys.numbers('out_stages', [2, 4, 6])
    })
  },
  build: (options, act) => efficientNetLite({ ...options, act })
})

/** The first and the last stage keep their one block. */
function scaled (stage: Stage, variant: EfficientNetLiteVariant): Stage {
  const { width, depth } = SCALING[variant]
  const atEnd = stage === STAGES[0] || stage === STAGES.at(-1)
  return { ...stage, channels: makeDivisible(stage.channels * width), repeats: atEnd ? 1 : Math.ceil(stage.repeats * depth) }
}

const stem = (act: Layer): Layer => sequential(conv2d(STEM_CHANNELS, 3, { stride: STEM_STRIDE }), batchNorm(EPSILON), act)

/** The first block of a stage changes resolution and channels. */
const blocksOf = (stage: Stage): Layer =>
  sequential(...Array.from({ length: stage.repeats }, (_, i) => mbConv(i === 0 ? stage : { ...stage, stride: 1 })))

/** MobileNetV2's block: wide in the middle, narrow and linear at both ends. Padding is symmetric, as in PyTorch. */
function mbConv ({ kernel, stride, expand, channels }: Stage): Layer {
  return (x, scope) => {
    let y = x
    if (expand > 1) y = relu6(normalized('_expand_conv', '_bn0', pointwise(x.channels * expand))(y, scope), scope)
    y = relu6(normalized('_depthwise_conv', '_bn1', depthwise(kernel, stride))(y, scope), scope)
    y = normalized('_project_conv', '_bn2', pointwise(channels))(y, scope)
    return stride === 1 && x.channels === channels ? op.add(x, y) : y
  }
}

const normalized = (conv: string, norm: string, layer: Layer): Layer => (x, scope) =>
  scope.apply(norm, batchNorm(EPSILON), scope.apply(conv, layer, x))
