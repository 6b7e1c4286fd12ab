/**
 * GhostNet: More Features from Cheap Operations. https://arxiv.org/abs/1911.11907
 * Shared by the backbone and GhostPAN. Parameters are named as in timm's and NanoDet's checkpoints.
 * Upstream: nanodet/model/backbone/ghostnet.py
 */
import { linear } from '../activations.ts'
import { makeDivisible } from '../channels.ts'
import { batchNorm, depthwise, pointwise, sequential } from '../layers.ts'
import * as op from '../ops.ts'
import type { Layer } from '../scope.ts'
import { squeezeExcite } from './squeeze-excite.ts'

export interface GhostBottleneckOptions {
  act: Layer
  /** Size of the depthwise convolutions on the way down and in the shortcut. */
  kernel?: number
  stride?: 1 | 2
  /** Reweigh the channels between the two ghost modules, through a bottleneck of a quarter of them. */
  withSe?: boolean
}

/** Computes half of the `out` channels; the other half are cheap 3×3 variations of them: `[N, C, H, W]` → `[N, out, H, W]`. */
export function ghostModule (out: number, act: Layer): Layer {
  const primary = sequential(pointwise(out / 2), batchNorm(), act)
  const cheap = sequential(depthwise(3), batchNorm(), act)
  return (x, scope) => {
    const intrinsic = scope.apply('primary_conv', primary, x)
    return op.concat([intrinsic, scope.apply('cheap_operation', cheap, intrinsic)])
  }
}

/** A residual block of two ghost modules, the second without activation: `[N, C, H, W]` → `[N, out, H/stride, W/stride]`. */
export function ghostBottleneck (mid: number, out: number, { act, kernel = 3, stride = 1, withSe = false }: GhostBottleneckOptions): Layer {
  return (x, scope) => {
    let y = scope.apply('ghost1', ghostModule(mid, act), x)
    if (stride > 1) y = scope.apply('bn_dw', batchNorm(), scope.apply('conv_dw', depthwise(kernel, stride), y))
    if (withSe) y = scope.apply('se', squeezeExcite(makeDivisible(mid / 4, 4)), y)
    y = scope.apply('ghost2', ghostModule(out, linear), y)
    const untouched = stride === 1 && x.channels === out
    return op.add(y, untouched ? x : scope.apply('shortcut', shortcut(out, kernel, stride), x))
  }
}

const shortcut = (out: number, kernel: number, stride: 1 | 2): Layer =>
  sequential(depthwise(kernel, stride), batchNorm(), pointwise(out), batchNorm())
