/**
 * GhostNet: More Features from Cheap Operations. https://arxiv.org/abs/1911.11907
 * Parameter names are those of the authors', timm's and NanoDet's checkpoints.
 * Upstream: nanodet/model/backbone/ghostnet.py, timm/models/ghostnet.py
 */
import { relu } from '../nn/activations.ts'
import { ghostBottleneck } from '../nn/blocks/ghost.ts'
import { makeDivisible } from '../nn/channels.ts'
import type { Backbone } from '../nn/feature.ts'
import { batchNorm, conv2d, linear, named, pointwise, sequential, within } from '../nn/layers.ts'
import { LIMITS, widthMultiplier } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec, classifierSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

type Block = readonly [kernel: number, expanded: number, out: number, withSe: 0 | 1, stride: 1 | 2]

const STEM_CHANNELS = 16
const STEM_STRIDE = 2
/** The paper's table 1, a new stage at each change of resolution, before and after. */
const STAGES: ReadonlyArray<readonly Block[]> = [
  [[3, 16, 16, 0, 1]],
  [[3, 48, 24, 0, 2]],
  [[3, 72, 24, 0, 1]],
  [[5, 72, 40, 1, 2]],
  [[5, 120, 40, 1, 1]],
  [[3, 240, 80, 0, 2]],
  [[3, 200, 80, 0, 1], [3, 184, 80, 0, 1], [3, 184, 80, 0, 1], [3, 480, 112, 1, 1], [3, 672, 112, 1, 1]],
  [[5, 672, 160, 1, 2]],
  [[5, 960, 160, 0, 1], [5, 960, 160, 1, 1], [5, 960, 160, 0, 1], [5, 960, 160, 1, 1]]
]
const LAST_CHANNELS = 960
const HEAD_CHANNELS = 1280

export interface GhostNetOptions {
  /** Multiplies the number of channels; the paper's are 0.5, 1 and 1.3. */
  width?: number
  act?: Layer
  /** Which of the stages 0 … 9 (strides 2, 4, 4, 8, 8, 16, 16, 32, 32 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the requested stages. Stage 9 is the last 1×1 convolution. */
export function ghostNet ({ width = 1, act = relu, outStages = [4, 6, 9] }: GhostNetOptions = {}): Backbone {
  const layers = [...STAGES.map(blocks => stage(blocks, width, act)), sequential(lastConv(scaled(LAST_CHANNELS, width), act))]
  const stages = layers.map((layer, number) => ({ number, stride: strideOf(number), layer: within('blocks', named(number, layer)) }))
  return stagedBackbone({ stride: STEM_STRIDE, layer: stem(scaled(STEM_CHANNELS, width), act) }, stages, outStages)
}

/** The ImageNet classifier: `[N, 3, H, W]` → logits `[N, classes]`. */
export function ghostNetClassifier ({ classes = 1000, ...options }: GhostNetOptions & { classes?: number } = {}): Layer {
  const { act = relu } = options
  return (image, scope) => {
    const [features] = ghostNet({ ...options, outStages: [9] })(image, scope)
    let x = scope.apply('global_pool', op.globalPool, features!.tensor) // [N, 960, 1, 1]
    x = scope.apply('conv_head', conv2d(HEAD_CHANNELS, 1, { bias: true }), x)
    x = scope.apply('act2', act, x)
    return scope.apply('classifier', linear(classes), op.flatten(x, 1, 3))
  }
}

const OPTIONS = { width: widthMultiplier }

export const ghostNetSpec = backboneSpec({
  name: 'ghostnet',
  options: OPTIONS,
  outStages: [4, 6, 9],
  upstream: {
    name: 'GhostNet',
    act: 'ReLU',
    read: keys => ({ width: keys.number('width_mult', LIMITS.width, 1), outStages: keys.numbers('out_stages', [4, 6, 9]) })
  },
  build: (options, act) => ghostNet({ ...options, act })
})

export const ghostNetClassifierSpec = classifierSpec({
  name: 'ghostnet',
  options: OPTIONS,
  build: (options, classes) => ghostNetClassifier({ ...options, classes })
})

/** A stage's first block changes the resolution; the last convolution keeps it. */
const strideOf = (number: number): number => STAGES[number]?.[0]?.[4] ?? 1

const scaled = (channels: number, width: number): number => makeDivisible(channels * width, 4)

const stem = (out: number, act: Layer): Layer => (image, scope) => {
  const x = scope.apply('conv_stem', conv2d(out, 3, { stride: STEM_STRIDE }), image)
  return scope.apply('act1', act, scope.apply('bn1', batchNorm(), x))
}

const stage = (blocks: readonly Block[], width: number, act: Layer): Layer =>
  sequential(...blocks.map(([kernel, expanded, out, withSe, stride]) =>
    ghostBottleneck(scaled(expanded, width), scaled(out, width), { act, kernel, stride, withSe: withSe === 1 })))

const lastConv = (out: number, act: Layer): Layer => (x, scope) => {
  x = scope.apply('conv', pointwise(out), x)
  return scope.apply('act1', act, scope.apply('bn1', batchNorm(), x))
}
