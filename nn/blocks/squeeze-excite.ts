/**
 * Squeeze-and-Excitation Networks. https://arxiv.org/abs/1709.01507
 * Parameters are named as in timm's and NanoDet's checkpoints.
 * Upstream: timm/models/_efficientnet_blocks.py, nanodet/model/backbone/ghostnet.py
 */
import { hardSigmoid, relu } from '../activations.ts'
import { conv2d } from '../layers.ts'
import * as op from '../ops.ts'
import type { Layer } from '../scope.ts'

export interface SqueezeExciteOptions { act?: Layer, gate?: Layer }

/** Scales each channel by a weight computed from the whole image; `reduced` is the width of the bottleneck. */
export function squeezeExcite (reduced: number, { act = relu, gate = hardSigmoid }: SqueezeExciteOptions = {}): Layer {
  return (x, scope) => {
    let weight = op.globalPool(x) // [N, C, 1, 1]
    weight = scope.apply('conv_reduce', conv2d(reduced, 1, { bias: true }), weight)
    weight = scope.apply('act1', act, weight)
    weight = scope.apply('conv_expand', conv2d(x.channels, 1, { bias: true }), weight)
    return op.mul(x, scope.apply('gate', gate, weight))
  }
}
