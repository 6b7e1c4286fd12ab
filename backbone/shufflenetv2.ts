/**
 * ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design. https://arxiv.org/abs/1807.11164
 * Parameter names are those of torchvision's and NanoDet's checkpoints.
 * Upstream: nanodet/model/backbone/shufflenetv2.py, torchvision/models/shufflenetv2.py
 */
import { z } from 'zod'
import { leakyRelu, relu } from '../nn/activations.ts'
import type { Backbone } from '../nn/feature.ts'
import { batchNorm, conv2d, depthwise, linear, named, pointwise, sequential } from '../nn/layers.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec, classifierSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

export const SHUFFLENET_V2_WIDTHS = ['0.5x', '1.0x', '1.5x', '2.0x'] as const
export type ShuffleNetV2Width = typeof SHUFFLENET_V2_WIDTHS[number]

const STEM_CHANNELS = 24
const STEM_STRIDE = 4
const FIRST_STAGE = 2
const STAGE_REPEATS = [4, 8, 4]
const STAGE_CHANNELS: Record<ShuffleNetV2Width, readonly number[]> = {
  '0.5x': [48, 96, 192],
  '1.0x': [116, 232, 464],
  '1.5x': [176, 352, 704],
  '2.0x': [244, 488, 976]
}
const LAST_CHANNELS: Record<ShuffleNetV2Width, number> = { '0.5x': 1024, '1.0x': 1024, '1.5x': 1024, '2.0x': 2048 }

export interface ShuffleNetV2Options {
  width: ShuffleNetV2Width
  act?: Layer
  /** Which of the stages 2, 3 and 4 (strides 8, 16 and 32) are returned. */
  outStages?: readonly number[]
  /** Ends stage 4 with a 1×1 convolution to 1024 (2.0x: 2048) channels, `stage4.conv5`. */
  withLastConv?: boolean
}

/** `[N, 3, H, W]` → the features of the requested stages. */
export function shuffleNetV2 ({ width, act = leakyRelu, outStages = [2, 3, 4], withLastConv = false }: ShuffleNetV2Options): Backbone {
  const stages = STAGE_CHANNELS[width].map((out, i) => {
    const blocks = stage(out, STAGE_REPEATS[i]!, act)
    const layer = withLastConv && i === STAGE_REPEATS.length - 1 ? endsWithConv5(blocks, LAST_CHANNELS[width], act) : blocks
    return { number: FIRST_STAGE + i, stride: 2, layer: named(`stage${FIRST_STAGE + i}`, layer) }
  })
  return stagedBackbone({ stride: STEM_STRIDE, layer: stem(act) }, stages, outStages)
}

/** The ImageNet classifier: `[N, 3, H, W]` → logits `[N, classes]`. */
export function shuffleNetV2Classifier (width: ShuffleNetV2Width, { act = relu, classes = 1000 } = {}): Layer {
  return (image, scope) => {
    const [features] = shuffleNetV2({ width, act, outStages: [4] })(image, scope)
    const x = scope.apply('conv5', lastConv(LAST_CHANNELS[width], act), features!.tensor)
    return scope.apply('fc', linear(classes), op.globalMean(x))
  }
}

const WIDTH = z.enum(SHUFFLENET_V2_WIDTHS)

export const shuffleNetV2Spec = backboneSpec({
  name: 'shufflenetv2',
  options: { width: WIDTH, with_last_conv: z.boolean().exactOptional() },
  outStages: [2, 3, 4],
  upstream: {
    name: 'ShuffleNetV2',
    act: 'ReLU',
    read: keys => ({
      width: keys.oneOf('model_size', SHUFFLENET_V2_WIDTHS, '1.5x'),
      outStages: keys.numbers('out_stages', [2, 3, 4]),
      ...(keys.flag('with_last_conv', false) && { withLastConv: true })
    })
  },
  build: (options, act) => shuffleNetV2({ ...options, act })
})

export const shuffleNetV2ClassifierSpec = classifierSpec({
  name: 'shufflenetv2',
  options: { width: WIDTH },
  build: ({ width }, classes) => shuffleNetV2Classifier(width, { classes })
})

const stem = (act: Layer): Layer => (image, scope) => scope.apply('maxpool', maxPool, scope.apply('conv1', firstConv(act), image))

const firstConv = (act: Layer): Layer => sequential(conv2d(STEM_CHANNELS, 3, { stride: 2 }), batchNorm(), act)

const maxPool: Layer = x => op.maxPool(x, 3, 2, 1)

const lastConv = (out: number, act: Layer): Layer => sequential(pointwise(out), batchNorm(), act)

const endsWithConv5 = (layers: Layer, out: number, act: Layer): Layer =>
  (x, scope) => scope.apply('conv5', lastConv(out, act), layers(x, scope))

/** The first block of a stage halves the resolution. */
function stage (out: number, repeats: number, act: Layer): Layer {
  return sequential(...Array.from({ length: repeats }, (_, i) => shuffleV2Block(out, i === 0 ? 2 : 1, act)))
}

/** At stride 1, half of the channels pass through unchanged; at stride 2, both branches read all channels. */
function shuffleV2Block (out: number, stride: 1 | 2, act: Layer): Layer {
  const half = out / 2
  const branch1 = sequential(depthwise(3, stride), batchNorm(), pointwise(half), batchNorm(), act)
  const branch2 = sequential(
    pointwise(half), batchNorm(), act,
    depthwise(3, stride), batchNorm(),
    pointwise(half), batchNorm(), act
  )
  return (x, scope) => {
    const [left, right] = stride === 1 ? op.split(x, [half, half]) as [typeof x, typeof x] : [x, x]
    const kept = stride === 1 ? left : scope.apply('branch1', branch1, left)
    return op.channelShuffle(op.concat([kept, scope.apply('branch2', branch2, right)]), 2)
  }
}
