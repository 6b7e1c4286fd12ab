/**
 * Generalized Focal Loss: Learning Qualified and Distributed Bounding Boxes for Dense Object Detection. https://arxiv.org/abs/2006.04388
 * Two towers, shared by all levels; each level scales the distributions by a learned factor. Upstream: nanodet/model/head/gfl_head.py
 */
import { z } from 'zod'
import { relu } from '../nn/activations.ts'
import { convModule, groupNormConvModule, GROUPS, type MakeConvModule } from '../nn/blocks/conv-module.ts'
import { levelName, levelNumber, type Head } from '../nn/feature.ts'
import { conv2d, sequential } from '../nn/layers.ts'
import { LIMITS, whole } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { headSpec, type UpstreamKeys } from '../nn/spec.ts'
import { flattenLevels } from './nanodet-head.ts'

const KERNEL = 3

export interface GflHeadOptions {
  numClasses: number
  /** Highest bin of the distance distributions. */
  regMax: number
  featChannels: number
  stackedConvs: number
  convModule: MakeConvModule
  /** ReLU upstream, whatever the network's activation is. */
  act?: Layer
}

/** Levels → logits `[N, points, numClasses + 4 · (regMax + 1)]`, laid out as NanoDetHead's. */
export function gflHead (options: GflHeadOptions): Head {
  return (levels, scope) => flattenLevels(levels.map((feature, i) => {
    const shared = scope.for(levelName(feature))
    return scope.alias(`pred${levelNumber(feature)}`, shared.tap('pred', predict(options, i)(feature.tensor, shared)))
  }))
}

const CONV_MODULES = { batch: convModule, group: groupNormConvModule }

export const gflHeadSpec = headSpec({
  name: 'gfl-head',
  options: { stacked_convs: whole(LIMITS.stackedConvs).default(2), norm: z.enum(['batch', 'group']).default('group') },
  trained: { offset: 0.5, resizeMode: 'letterbox' },
  upstream: { name: 'GFLHead', read: readUpstream },
  build: (options, numClasses) => gflHead({ ...options, numClasses, convModule: CONV_MODULES[options.norm] })
})

/** The towers use ReLU, whatever the file sets. */
function readUpstream (keys: UpstreamKeys) {
  keys.only('conv_cfg', null)
  return {
    featChannels: keys.wholeNumber('feat_channels', LIMITS.channels, 256),
    stackedConvs: keys.wholeNumber('stacked_convs', LIMITS.stackedConvs, 4),
    norm: readNorm(keys),
    regMax: keys.wholeNumber('reg_max', LIMITS.regMax, 16),
    strides: keys.numbers('strides', [8, 16, 32]),
    offset: 0.5
  }
}

function readNorm (keys: UpstreamKeys): keyof typeof CONV_MODULES {
  if (!keys.has('norm_cfg')) return 'group'
  const norm = keys.section('norm_cfg')
  if (norm.oneOf('type', ['BN', 'GN']) === 'BN') return 'batch'
  norm.only('num_groups', GROUPS)
  return 'group'
}

/** One level: `[N, C, H, W]` → `[N, numClasses + 4 · (regMax + 1), H, W]`. */
function predict ({ numClasses, regMax, ...options }: GflHeadOptions, level: number): Layer {
  return (x, scope) => {
    const classes = scope.apply('gfl_cls', prediction(numClasses), scope.apply('cls_convs', tower(options), x))
    const distances = scope.apply('gfl_reg', prediction(4 * (regMax + 1)), scope.apply('reg_convs', tower(options), x))
    return op.concat([classes, scope.at('scales').apply(level, scale, distances)])
  }
}

const tower = ({ featChannels, stackedConvs, convModule, act = relu }: Omit<GflHeadOptions, 'numClasses' | 'regMax'>): Layer =>
  sequential(...Array.from({ length: stackedConvs }, () => convModule(featChannels, { kernel: KERNEL, act })))

const prediction = (out: number): Layer => conv2d(out, KERNEL, { bias: true })

const scale: Layer = (x, scope) => op.mul(x, scope.param('scale', []))
