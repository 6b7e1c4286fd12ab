/**
 * Feature Pyramid Networks for Object Detection. https://arxiv.org/abs/1612.03144
 * NanoDet's variant: 1×1 lateral convolutions with bias, and sums without convolutions after them. Upstream: nanodet/model/fpn/fpn.py
 */
import { levelName, type Feature, type Neck } from '../nn/feature.ts'
import { conv2d } from '../nn/layers.ts'
import { LIMITS } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer, Scope } from '../nn/scope.ts'
import { neckSpec, type UpstreamKeys } from '../nn/spec.ts'
import type { Tensor } from '../nn/tensor.ts'

/** Features of any widths → as many of `out` channels: `[N, out, H/stride, W/stride]`, tapped as `p3`, `p4` … */
export const fpn = (out: number): Neck => (features, scope) =>
  tapLevels(topDown(laterals(out)(features, scope)), scope)

export const fpnSpec = neckSpec({
  name: 'fpn',
  options: {},
  upstream: { name: 'FPN', read: readPyramid },
  build: ({ outChannels }) => fpn(outChannels)
})

/** Reads the keys of an upstream FPN or PAN. All others must have the published models' values. */
export function readPyramid (keys: UpstreamKeys) {
  for (const [key, value] of [['start_level', 0], ['end_level', -1], ['conv_cfg', null], ['norm_cfg', null], ['activation', null]] as const) {
    keys.only(key, value)
  }
  return { outChannels: keys.wholeNumber('out_channels', LIMITS.channels) }
}

/** A 1×1 convolution into the neck for each level. */
export const laterals = (out: number): Neck => (features, scope) => {
  const convs = scope.at('lateral_convs')
  return features.map((feature, i) => ({ ...feature, tensor: convs.apply(i, lateralConv(out), feature.tensor) }))
}

const lateralConv = (out: number): Layer => (x, scope) => scope.apply('conv', conv2d(out, 1, { bias: true }), x)

/** Adds each level, upsampled, to the next finer one, coarsest first. */
export function topDown (levels: readonly Feature[]): readonly Feature[] {
  return levels.reduceRight<readonly Feature[]>((done, level) => [done[0] ? addResized(level, done[0]) : level, ...done], [])
}

/** `level` plus `other`, resampled to its resolution. */
export function addResized (level: Feature, other: Feature): Feature {
  return { ...level, tensor: op.add(level.tensor, resized(other, level.stride)) }
}

/** A level's tensor, resampled to another stride. */
export const resized = (level: Feature, stride: number): Tensor =>
  level.stride === stride ? level.tensor : op.resize(level.tensor, level.stride / stride)

export function tapLevels (levels: readonly Feature[], scope: Scope): readonly Feature[] {
  for (const level of levels) scope.alias(levelName(level), scope.tap(levelName(level), level.tensor))
  return levels
}
