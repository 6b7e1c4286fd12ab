/**
 * Convolutions as NanoDet bundles them, under its parameter names.
 * Upstream: nanodet/model/module/conv.py (ConvModule, DepthwiseConvModule).
 */
import { batchNorm, conv2d, depthwise, groupNorm, pointwise } from '../layers.ts'
import type { Layer } from '../scope.ts'

/** Groups of every group norm upstream. */
export const GROUPS = 32

export interface ConvModuleOptions { kernel: number, stride?: number, act: Layer }
/** A module that turns C channels into `out`. */
export type MakeConvModule = (out: number, options: ConvModuleOptions) => Layer

/** conv → batch norm → activation: `[N, C, H, W]` → `[N, out, H/stride, W/stride]`. */
export const convModule: MakeConvModule = (out, { kernel, stride = 1, act }) => (x, scope) => {
  x = scope.apply('conv', conv2d(out, kernel, { stride }), x)
  x = scope.apply('bn', batchNorm(), x)
  return act(x, scope.at('act'))
}

/** conv → group norm → activation: no norm that could be folded into the convolution. */
export const groupNormConvModule: MakeConvModule = (out, { kernel, stride = 1, act }) => (x, scope) => {
  x = scope.apply('conv', conv2d(out, kernel, { stride, bias: false }), x)
  x = scope.apply('gn', groupNorm(GROUPS), x)
  return act(x, scope.at('act'))
}

/** depthwise → batch norm → activation → pointwise → batch norm → activation. */
export const depthwiseConvModule: MakeConvModule = (out, { kernel, stride = 1, act }) => (x, scope) => {
  x = scope.apply('depthwise', depthwise(kernel, stride), x)
  x = act(scope.apply('dwnorm', batchNorm(), x), scope.at('act'))
  x = scope.apply('pointwise', pointwise(out), x)
  return act(scope.apply('pwnorm', batchNorm(), x), scope.at('act'))
}
