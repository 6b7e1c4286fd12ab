/**
 * CustomCspNet, nanodet-g's backbone: a few dense 3×3 convolutions, half of which the features bypass
 * (Cross Stage Partial networks, https://arxiv.org/abs/1911.11929).
 * Upstream: nanodet/model/backbone/custom_csp.py, config/legacy_v0.x_configs/nanodet-g.yml
 */
import { leakyRelu } from '../nn/activations.ts'
import { convModule } from '../nn/blocks/conv-module.ts'
import type { Backbone } from '../nn/feature.ts'
import { named, sequential, within } from '../nn/layers.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

const STEM_CHANNELS = 32
const STEM_STRIDE = 4
const FIRST_STAGE = 2
/** Each stage doubles the channels. */
const STAGES: ReadonlyArray<{ readonly repeats: number, readonly stride: 1 | 2 }> = [
  { repeats: 1, stride: 1 },
  { repeats: 2, stride: 2 },
  { repeats: 2, stride: 2 },
  { repeats: 3, stride: 2 }
]

/** The same in upstream's config files: convolution, pool and blocks, each with channels and stride. */
const NET_CFG = [
  ['Conv', 3, 32, 3, 2], ['MaxPool', 3, 2],
  ['CspBlock', 32, 1, 3, 1], ['CspBlock', 64, 2, 3, 2], ['CspBlock', 128, 2, 3, 2], ['CspBlock', 256, 3, 3, 2]
]

export interface CustomCspNetOptions {
  act?: Layer
  /** Which of the stages 2 … 5 (strides 4, 8, 16 and 32) are returned. */
  outStages?: readonly number[]
}

/** `[N, 3, H, W]` → the features of the asked-for stages, of 64, 128, 256 and 512 channels. */
export function customCspNet ({ act = leakyRelu, outStages = [3, 4, 5] }: CustomCspNetOptions = {}): Backbone {
  const stem = within('stages', sequential(conv3x3(STEM_CHANNELS, act, 2), maxPool))
  const stages = STAGES.map(({ repeats, stride }, i) => {
    const number = FIRST_STAGE + i
    return { number, stride, layer: within('stages', named(number, cspBlock(repeats, stride, act))) }
  })
  return stagedBackbone({ stride: STEM_STRIDE, layer: stem }, stages, outStages)
}

export const customCspNetSpec = backboneSpec({
  name: 'custom-csp-net',
  options: {},
  outStages: [3, 4, 5],
  upstream: {
    name: 'CustomCspNet',
    act: 'LeakyReLU',
    read (keys) {
      keys.only('net_cfg', NET_CFG, null)
      return { outStages: keys.numbers('out_stages') }
    }
  },
  build: (options, act) => customCspNet({ ...options, act })
})

const conv3x3 = (out: number, act: Layer, stride = 1): Layer => convModule(out, { kernel: 3, stride, act })

const maxPool: Layer = x => op.maxPool(x, 3, 2, 1)

/** Concatenates the residual blocks' output with their input: `[N, C, H, W]` → `[N, 2·C, H/stride, W/stride]`. */
function cspBlock (repeats: number, stride: 1 | 2, act: Layer): Layer {
  return (x, scope) => {
    const entry = scope.apply('in_conv', conv3x3(x.channels, act, stride), x)
    const blocks = sequential(...Array.from({ length: repeats }, () => tinyResBlock(act)))
    const through = scope.apply('res_out_conv', conv3x3(x.channels, act), scope.apply('res_blocks', blocks, entry))
    return op.concat([through, entry])
  }
}

/** A convolution to half the channels, concatenated with another one of its output: `[N, C, H, W]` → the same. */
const tinyResBlock = (act: Layer): Layer => (x, scope) => {
  const half = scope.apply('in_conv', conv3x3(x.channels / 2, act), x)
  return op.concat([scope.apply('mid_conv', conv3x3(x.channels / 2, act), half), half])
}
