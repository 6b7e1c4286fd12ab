/**
 * ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices. https://arxiv.org/abs/1707.01083
 * Parameter names are those of the authors' checkpoints.
 * Upstream: megvii-model/ShuffleNet-Series, ShuffleNetV1/network.py and blocks.py
 */
import { z } from 'zod'
import { relu } from '../nn/activations.ts'
import type { Backbone } from '../nn/feature.ts'
import { batchNorm, conv2d, depthwise, linear, sequential, sequentialFrom, within } from '../nn/layers.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec, classifierSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

export const SHUFFLENET_V1_WIDTHS = ['0.5x', '1.0x', '1.5x', '2.0x'] as const
export type ShuffleNetV1Width = typeof SHUFFLENET_V1_WIDTHS[number]
export const SHUFFLENET_V1_GROUPS = [3, 8] as const
export type ShuffleNetV1Groups = typeof SHUFFLENET_V1_GROUPS[number]

const STEM_STRIDE = 4
const FIRST_STAGE = 2
const STAGE_REPEATS = [4, 8, 4]
/** Channels of the stem and of the stages 2, 3 and 4. */
const CHANNELS: Record<ShuffleNetV1Groups, Record<ShuffleNetV1Width, readonly [stem: number, ...stages: number[]]>> = {
  3: { '0.5x': [12, 120, 240, 480], '1.0x': [24, 240, 480, 960], '1.5x': [24, 360, 720, 1440], '2.0x': [48, 480, 960, 1920] },
  8: { '0.5x': [16, 192, 384, 768], '1.0x': [24, 384, 768, 1536], '1.5x': [24, 576, 1152, 2304], '2.0x': [48, 768, 1536, 3072] }
}

export interface ShuffleNetV1Options {
  width: ShuffleNetV1Width
  /** Groups of the 1×1 convolutions. */
  groups: ShuffleNetV1Groups
  /** Place of the channel shuffle: before the depthwise convolution as in the paper, or after it as in the authors' code. */
  shuffle?: 'before-depthwise' | 'after-depthwise'
  /** The paper interleaves the groups. The authors' code does the inverse, which their checkpoints need. */
  shuffleOrder?: 'paper' | 'authors'
  act?: Layer
  /** Which of the stages 2, 3 and 4 (strides 8, 16 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the requested stages. */
export function shuffleNetV1 (options: ShuffleNetV1Options): Backbone {
  const { width, groups, act = relu, outStages = [2, 3, 4] } = options
  const [stemChannels, ...stageChannels] = CHANNELS[groups][width]
  const stages = stageChannels.map((out, i) => {
    const first = STAGE_REPEATS.slice(0, i).reduce((a, b) => a + b, 0)
    return { number: FIRST_STAGE + i, stride: 2, layer: within('features', stage(out, first, STAGE_REPEATS[i]!, options)) }
  })
  return stagedBackbone({ stride: STEM_STRIDE, layer: stem(stemChannels, act) }, stages, outStages)
}

/** The ImageNet classifier: `[N, 3, H, W]` → logits `[N, classes]`. */
export function shuffleNetV1Classifier ({ classes = 1000, ...options }: ShuffleNetV1Options & { classes?: number }): Layer {
  return (image, scope) => {
    const [features] = shuffleNetV1({ ...options, outStages: [4] })(image, scope)
    return scope.apply('classifier', sequential(linear(classes, { bias: false })), op.globalMean(features!.tensor))
  }
}

const OPTIONS = {
  width: z.enum(SHUFFLENET_V1_WIDTHS),
  groups: z.literal(SHUFFLENET_V1_GROUPS),
  shuffle: z.enum(['before-depthwise', 'after-depthwise']).default('after-depthwise'),
  shuffle_order: z.enum(['paper', 'authors']).default('authors')
}

export const shuffleNetV1Spec = backboneSpec({
  name: 'shufflenetv1',
  options: OPTIONS,
  outStages: [2, 3, 4],
  build: (options, act) => shuffleNetV1({ ...options, act })
})

export const shuffleNetV1ClassifierSpec = classifierSpec({
  name: 'shufflenetv1',
  options: OPTIONS,
  build: (options, classes) => shuffleNetV1Classifier({ ...options, classes })
})

const stem = (out: number, act: Layer): Layer => (image, scope) =>
  scope.apply('maxpool', maxPool, scope.apply('first_conv', firstConv(out, act), image))

const firstConv = (out: number, act: Layer): Layer => sequential(conv2d(out, 3, { stride: 2 }), batchNorm(), act)

const maxPool: Layer = x => op.maxPool(x, 3, 2, 1)

/** Blocks are numbered across stages. The first of a stage halves the resolution; the very first has too few channels to group. */
function stage (out: number, first: number, repeats: number, options: ShuffleNetV1Options): Layer {
  return sequentialFrom(first, Array.from({ length: repeats }, (_, i) =>
    shuffleV1Block(out, i === 0 ? 2 : 1, first + i === 0 ? 1 : options.groups, options)))
}

/** At stride 1, the branch is added to its input; at stride 2, it is concatenated with the average-pooled input. */
function shuffleV1Block (out: number, stride: 1 | 2, firstGroups: number, options: ShuffleNetV1Options): Layer {
  const { groups, shuffle, shuffleOrder, act = relu } = options
  const mid = out / 4
  return (x, scope) => {
    const reduce = [conv2d(mid, 1, { groups: firstGroups }), batchNorm(), act]
    const spatial = [depthwise(3, stride), batchNorm()]
    const expand = [conv2d(stride === 1 ? out : out - x.channels, 1, { groups }), batchNorm()]
    const [before, after] = shuffle === 'before-depthwise' ? [reduce, [...spatial, ...expand]] : [[...reduce, ...spatial], expand]

    let y = scope.apply('branch_main_1', sequential(...before), x)
    y = scope.tap('shuffle', op.channelShuffle(y, shuffleOrder === 'paper' ? groups : mid / groups))
    y = scope.apply('branch_main_2', sequential(...after), y)
    if (stride === 1) return act(op.add(y, x), scope.at('act'))
    return op.concat([scope.apply('branch_proj', averagePool, x), act(y, scope.at('act'))])
  }
}

const averagePool: Layer = x => op.averagePool(x, 3, 2, 1)
