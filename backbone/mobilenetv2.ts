/**
 * MobileNetV2: Inverted Residuals and Linear Bottlenecks. https://arxiv.org/abs/1801.04381
 * Parameter names are those of torchvision's checkpoints.
 * Upstream: torchvision/models/mobilenetv2.py; stages are numbered as in nanodet/model/backbone/mobilenetv2.py
 */
import { relu6 } from '../nn/activations.ts'
import { makeDivisible } from '../nn/channels.ts'
import type { Backbone } from '../nn/feature.ts'
import { batchNorm, conv2d, depthwise, linear, named, pointwise, sequential, sequentialFrom, within } from '../nn/layers.ts'
import { widthMultiplier } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec, classifierSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

export const STEM_CHANNELS = 32
export const STEM_STRIDE = 2
export const LAST_CHANNELS = 1280
/** The paper's table 2; `first` is the number of the stage's first block in `features`. */
export const STAGES = [
  { first: 1, expand: 1, channels: 16, repeats: 1, stride: 1 },
  { first: 2, expand: 6, channels: 24, repeats: 2, stride: 2 },
  { first: 4, expand: 6, channels: 32, repeats: 3, stride: 2 },
  { first: 7, expand: 6, channels: 64, repeats: 4, stride: 2 },
  { first: 11, expand: 6, channels: 96, repeats: 3, stride: 1 },
  { first: 14, expand: 6, channels: 160, repeats: 3, stride: 2 },
  { first: 17, expand: 6, channels: 320, repeats: 1, stride: 1 }
]
const LAST_CONV = 18

export interface MobileNetV2Options {
  /** Multiplies the number of channels; the paper's are 0.35 … 1.4. */
  width?: number
  act?: Layer
  /** Which of the stages 0 … 6 (strides 2, 4, 8, 16, 16, 32 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the requested stages. */
export function mobileNetV2 ({ width = 1, act = relu6, outStages = [2, 4, 6] }: MobileNetV2Options = {}): Backbone {
  const stages = STAGES.map(({ first, expand, channels, repeats, stride }, number) => {
    const blocks = invertedResiduals(makeDivisible(channels * width), repeats, stride, expand, act)
    return { number, stride, layer: within('features', sequentialFrom(first, blocks)) }
  })
  const first = within('features', named(0, stem(makeDivisible(STEM_CHANNELS * width), act)))
  return stagedBackbone({ stride: STEM_STRIDE, layer: first }, stages, outStages)
}

/** The ImageNet classifier: `[N, 3, H, W]` → logits `[N, classes]`. */
export function mobileNetV2Classifier ({ classes = 1000, ...options }: MobileNetV2Options & { classes?: number } = {}): Layer {
  const { width = 1, act = relu6 } = options
  const last = convNormAct(pointwise(makeDivisible(LAST_CHANNELS * Math.max(1, width))), act)
  return (image, scope) => {
    const [features] = mobileNetV2({ ...options, outStages: [6] })(image, scope)
    const x = scope.at('features').apply(LAST_CONV, last, features!.tensor)
    return scope.at('classifier').apply(1, linear(classes), op.globalMean(x)) // 0 is dropout
  }
}

const OPTIONS = { width: widthMultiplier }

export const mobileNetV2Spec = backboneSpec({
  name: 'mobilenetv2',
  options: OPTIONS,
  outStages: [2, 4, 6],
  build: (options, act) => mobileNetV2({ ...options, act })
})

export const mobileNetV2ClassifierSpec = classifierSpec({
  name: 'mobilenetv2',
  options: OPTIONS,
  build: (options, classes) => mobileNetV2Classifier({ ...options, classes })
})

const stem = (out: number, act: Layer): Layer => convNormAct(conv2d(out, 3, { stride: STEM_STRIDE }), act)

/** A convolution, batch norm and activation, named 0, 1 and 2. */
export const convNormAct = (conv: Layer, act: Layer): Layer => sequential(conv, batchNorm(), act)

/** The blocks of a stage. The first reduces the resolution. */
export const invertedResiduals = (out: number, repeats: number, stride: number, expand: number, act: Layer): Layer[] =>
  Array.from({ length: repeats }, (_, i) => invertedResidual(out, i === 0 ? stride : 1, expand, act))

/** Wide in the middle, narrow at both ends, and linear after the narrow end. */
function invertedResidual (out: number, stride: number, expand: number, act: Layer): Layer {
  return (x, scope) => {
    const y = scope.apply('conv', sequential(
      ...expand > 1 ? [convNormAct(pointwise(x.channels * expand), act)] : [],
      convNormAct(depthwise(3, stride), act),
      pointwise(out), batchNorm()
    ), x)
    return stride === 1 && x.channels === out ? op.add(x, y) : y
  }
}
