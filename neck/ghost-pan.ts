/**
 * GhostPAN, NanoDet-Plus's neck: a path aggregation network (https://arxiv.org/abs/1803.01534) that joins levels by concatenation and
 * GhostNet blocks (https://arxiv.org/abs/1911.11907), with levels beyond the backbone's. Upstream: nanodet/model/fpn/ghost_pan.py
 */
import { z } from 'zod'
import { convModule, depthwiseConvModule, type MakeConvModule } from '../nn/blocks/conv-module.ts'
import { ghostBottleneck } from '../nn/blocks/ghost.ts'
import type { Feature, Neck } from '../nn/feature.ts'
import { LIMITS, whole } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer, Scope } from '../nn/scope.ts'
import { batchNormOnly, neckSpec, type UpstreamKeys } from '../nn/spec.ts'
import { tapLevels } from './fpn.ts'

export interface GhostPanOptions {
  outChannels: number
  /** Kernel size of the blocks' shortcuts and of the downsampling convolutions. */
  kernel: number
  act: Layer
  /** Levels beyond the backbone's last, each of twice the stride. */
  extraLevels: number
  /** Downsampling convolutions: depthwise in all published models. */
  convModule?: MakeConvModule
}

/** Features of any widths → as many of `outChannels`, and the extra levels: `[N, out, H/stride, W/stride]`, tapped as `p3`, `p4` … */
export function ghostPan (options: GhostPanOptions): Neck {
  return (features, scope) => {
    const reduced = reduce(features, options, scope)
    const levels = bottomUp(topDown(reduced, options, scope), options, scope)
    return tapLevels([...levels, ...extraLevels(reduced.at(-1)!, levels.at(-1)!, options, scope)], scope)
  }
}

const CONV_MODULES = { depthwise: depthwiseConvModule, dense: convModule }

export const ghostPanSpec = neckSpec({
  name: 'ghost-pan',
  options: {
    kernel: whole(LIMITS.kernel).refine(kernel => kernel % 2 === 1, 'must be odd').default(5),
    extra_levels: whole(LIMITS.extraLevels).default(1),
    conv_module: z.enum(['depthwise', 'dense']).exactOptional()
  },
  upstream: { name: 'GhostPAN', act: 'LeakyReLU', read: readUpstream },
  extraLevels: ({ extraLevels }) => extraLevels,
  problem: ({ outChannels }) => outChannels % 2 === 0 ? undefined : `has ${outChannels} channels; ghost modules need an even number`,
  build: (options, act) => ghostPan({ ...options, act, convModule: CONV_MODULES[options.convModule ?? 'depthwise'] })
})

function readUpstream (keys: UpstreamKeys) {
  for (const [key, value] of [['expand', 1], ['num_blocks', 1], ['use_res', false], ['upsample_cfg', { scale_factor: 2, mode: 'bilinear' }]] as const) {
    keys.only(key, value)
  }
  batchNormOnly(keys)
  return {
    outChannels: keys.wholeNumber('out_channels', LIMITS.channels),
    kernel: keys.wholeNumber('kernel_size', LIMITS.kernel, 5),
    extraLevels: keys.wholeNumber('num_extra_level', LIMITS.extraLevels, 0),
    ...(!keys.flag('use_depthwise', false) && { convModule: 'dense' as const })
  }
}

function reduce (features: readonly Feature[], { outChannels, act }: GhostPanOptions, scope: Scope): Feature[] {
  const layers = scope.at('reduce_layers')
  const layer = convModule(outChannels, { kernel: 1, act })
  return features.map((feature, i) => ({ ...feature, tensor: layers.apply(i, layer, feature.tensor) }))
}

/** Joins each level with the next coarser one, upsampled; coarsest first, numbered from the top. */
function topDown (levels: readonly Feature[], options: GhostPanOptions, scope: Scope): Feature[] {
  return levels.reduceRight<Feature[]>((done, level) => {
    const above = done[0]
    if (!above) return [level]
    const joined = op.concat([op.resize(above.tensor, above.stride / level.stride), level.tensor])
    return [{ ...level, tensor: block('top_down_blocks', done.length - 1, joined, options, scope) }, ...done]
  }, [])
}

/** Joins each level with the next finer one, downsampled; finest first. */
function bottomUp (levels: readonly Feature[], options: GhostPanOptions, scope: Scope): Feature[] {
  return levels.reduce<Feature[]>((done, level) => {
    const below = done.at(-1)
    if (!below) return [level]
    const i = done.length - 1
    const joined = op.concat([scope.at('downsamples').apply(i, halve(options), below.tensor), level.tensor])
    return [...done, { ...level, tensor: block('bottom_up_blocks', i, joined, options, scope) }]
  }, [])
}

/** Each is the sum of the backbone's last level and the level before it, both downsampled. */
function extraLevels (reduced: Feature, last: Feature, options: GhostPanOptions, scope: Scope): Feature[] {
  const levels = [last]
  for (let i = 0; i < options.extraLevels; i++) {
    const fromBackbone = scope.at('extra_lvl_in_conv').apply(i, halve(options), reduced.tensor)
    const fromLast = scope.at('extra_lvl_out_conv').apply(i, halve(options), levels.at(-1)!.tensor)
    levels.push({ tensor: op.add(fromBackbone, fromLast), stride: levels.at(-1)!.stride * 2 })
  }
  return levels.slice(1)
}

const halve = ({ outChannels, kernel, act, convModule = depthwiseConvModule }: GhostPanOptions): Layer =>
  convModule(outChannels, { kernel, stride: 2, act })

function block (name: string, i: number, x: Parameters<Layer>[0], { outChannels, kernel, act }: GhostPanOptions, scope: Scope) {
  return scope.at(name).at(i).at('blocks').apply(0, ghostBottleneck(outChannels, outChannels, { kernel, act }), x)
}
