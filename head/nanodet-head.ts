/**
 * NanoDet's first head: Generalized Focal Loss (https://arxiv.org/abs/2006.04388) predictions from a light tower at every level.
 * Upstream: nanodet/model/head/nanodet_head.py
 */
import { z } from 'zod'
import { convModule, depthwiseConvModule, type MakeConvModule } from '../nn/blocks/conv-module.ts'
import { levelNumber, type Head } from '../nn/feature.ts'
import { conv2d } from '../nn/layers.ts'
import { LIMITS, whole } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer, Scope } from '../nn/scope.ts'
import { batchNormOnly, headSpec, type UpstreamKeys } from '../nn/spec.ts'
import type { Tensor } from '../nn/tensor.ts'

export interface NanoDetHeadOptions {
  numClasses: number
  /** Highest bin of the distance distributions. */
  regMax: number
  featChannels: number
  stackedConvs: number
  convModule: MakeConvModule
  act: Layer
  kernel?: number
  /** One tower for both classes and boxes (all published models), or one each. */
  shareClsReg?: boolean
}

/**
 * Levels → logits `[N, points, numClasses + 4 · (regMax + 1)]`: class scores before the sigmoid, then four distributions
 * (left, top, right, bottom) before the softmax. Points run level by level, row by row.
 */
export function nanoDetHead (options: NanoDetHeadOptions): Head {
  const predict = options.shareClsReg === false ? predictApart : predictTogether
  return (levels, scope) => flattenLevels(levels.map((feature, level) =>
    scope.alias(`pred${levelNumber(feature)}`, predict(options, level)(feature.tensor, scope))))
}

/** Options of both NanoDet heads. */
export const TOWER_OPTIONS = {
  stacked_convs: whole(LIMITS.stackedConvs).default(2),
  conv_module: z.enum(['depthwise', 'dense']).default('depthwise')
}
export const CONV_MODULES: Readonly<Record<'depthwise' | 'dense', MakeConvModule>> = { depthwise: depthwiseConvModule, dense: convModule }

/** Reads these options and the strides from an upstream config. */
export function readTower (keys: UpstreamKeys) {
  batchNormOnly(keys)
  return {
    stackedConvs: keys.wholeNumber('stacked_convs', LIMITS.stackedConvs, 2),
    convModule: keys.oneOf('conv_type', ['Conv', 'DWConv'], 'DWConv') === 'Conv' ? 'dense' as const : 'depthwise' as const,
    strides: keys.numbers('strides', [8, 16, 32])
  }
}

export const nanoDetHeadSpec = headSpec({
  name: 'nanodet-head',
  options: { ...TOWER_OPTIONS, share_cls_reg: z.boolean().default(true) },
  trained: { offset: 0.5, resizeMode: 'letterbox' },
  upstream: {
    name: 'NanoDetHead',
    act: 'LeakyReLU',
    read (keys) {
      keys.only('conv_cfg', null)
      return {
        featChannels: keys.wholeNumber('feat_channels', LIMITS.channels, 256),
        shareClsReg: keys.flag('share_cls_reg', false),
        regMax: keys.wholeNumber('reg_max', LIMITS.regMax, 16),
        offset: 0.5,
        ...readTower(keys)
      }
    }
  },
  build: (options, numClasses, act) => nanoDetHead({ ...options, numClasses, act, convModule: CONV_MODULES[options.convModule] })
})

const boxValues = ({ regMax }: NanoDetHeadOptions): number => 4 * (regMax + 1)

const predictTogether = (options: NanoDetHeadOptions, level: number): Layer => (x, scope) =>
  scope.at('gfl_cls').apply(level, prediction(options.numClasses + boxValues(options)), tower('cls_convs', options, level)(x, scope))

const predictApart = (options: NanoDetHeadOptions, level: number): Layer => (x, scope) => op.concat([
  scope.at('gfl_cls').apply(level, prediction(options.numClasses), tower('cls_convs', options, level)(x, scope)),
  scope.at('gfl_reg').apply(level, prediction(boxValues(options)), tower('reg_convs', options, level)(x, scope))
])

const prediction = (out: number): Layer => conv2d(out, 1, { bias: true })

/** The stacked convolutions of one level; levels share none. */
function tower (name: string, { convModule, featChannels, stackedConvs, act, kernel = 3 }: NanoDetHeadOptions, level: number): Layer {
  return (x: Tensor, scope: Scope) => {
    const convs = scope.at(name).at(level)
    for (let i = 0; i < stackedConvs; i++) x = convs.apply(i, convModule(featChannels, { kernel, act }), x)
    return x
  }
}

/** `[N, values, H, W]` per level → `[N, points, values]`. onnxruntime fuses a transpose per level with its layout change. */
export function flattenLevels (levels: readonly Tensor[]): Tensor {
  return op.concat(levels.map(x => op.flatten(op.transpose(x, [0, 2, 3, 1]), 1, 2)))
}
