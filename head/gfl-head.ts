/**
 * Generalized Focal Loss: Learning Qualified and Distributed Bounding Boxes for Dense Object Detection. https://arxiv.org/abs/2006.04388
 * Two towers that all levels share; each level only scales the distributions by a learned number. Upstream: nanodet/model/head/gfl_head.py
 */
import { relu } from '../nn/activations.ts'
import type { MakeConvModule } from '../nn/blocks/conv-module.ts'
import { levelName, levelNumber, type Head } from '../nn/feature.ts'
import { conv2d, sequential } from '../nn/layers.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { flattenLevels } from './nanodet-head.ts'

const KERNEL = 3

export interface GflHeadOptions {
  numClasses: number
  /** Highest bin of the distance distributions. */
  regMax: number
  featChannels: number
  stackedConvs: number
  convModule: MakeConvModule
  /** ReLU upstream, whatever the network's activation. */
  act?: Layer
}

/** Levels → logits `[N, points, numClasses + 4 · (regMax + 1)]`, laid out as NanoDetHead's. */
export function gflHead (options: GflHeadOptions): Head {
  return (levels, scope) => flattenLevels(levels.map((feature, i) => {
    const shared = scope.for(levelName(feature))
    return scope.alias(`pred${levelNumber(feature)}`, shared.tap('pred', predict(options, i)(feature.tensor, shared)))
  }))
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
