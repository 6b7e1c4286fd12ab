import { zeros, type StateDict } from '../../models/checkpoints/state-dict.ts'
import { buildClassifierOnImage } from '../../models/classifier.ts'
import type { ClassifierConfig, ModelConfig } from '../../models/config.ts'
import { buildOnImage } from '../../models/network.ts'
import type { Tensor } from '../../nn/tensor.ts'
import { backboneScheme } from './backbones.ts'
import { normalOf, xavier, type WeightFill } from './fill.ts'
import { HEAD_SCHEME, neckScheme } from './necks-and-heads.ts'
import { drawn, type Scheme } from './scheme.ts'

/** How weights are drawn: as the code that a network is from draws them, all from a normal distribution, or all as Xavier's. */
export const INITIALIZATIONS = ['upstream', 'normal', 'xavier'] as const
export type Initialization = typeof INITIALIZATIONS[number]

const WEIGHTS: Record<Exclude<Initialization, 'upstream'>, WeightFill> = { normal: () => normalOf(0.01), xavier }

interface Options {
  readonly seed: number
  readonly initialization?: Initialization
  /** Parameters of the network, and those that only training has: NanoDet-Plus's auxiliary head and neck, `aux_head` and `aux_fpn`. */
  readonly params?: ReadonlyMap<string, Pick<Tensor, 'shape'>>
}

/** Initial values for training a model from random weights, batch norms unfolded. */
export function fromScratch (
  config: ModelConfig | ClassifierConfig, { seed, initialization = 'upstream', params = paramsOf(config) }: Options
): StateDict {
  const shapes = new Map([...params].map(([name, { shape }]) => [name, shape.map(Number)]))
  const schemeOf = 'head' in config ? partScheme(config) : () => backboneScheme(config.backbone)
  return drawn(shapes, name => {
    const scheme = schemeOf(name)
    if (initialization === 'upstream') return scheme
    return { ...scheme, convolution: WEIGHTS[initialization], linear: WEIGHTS[initialization] }
  }, seed)
}

/** The parameters of a model whose batch norms are not folded, or are. */
export const paramsOf = (config: ModelConfig | ClassifierConfig, folded = false): ReadonlyMap<string, Tensor> =>
  ('head' in config ? buildOnImage(config, zeros(folded)) : buildClassifierOnImage(config, zeros(folded))).params

function partScheme ({ backbone, neck }: ModelConfig): (name: string) => Scheme {
  const schemes: Readonly<Record<string, Scheme>> = { backbone: backboneScheme(backbone), fpn: neckScheme(neck), head: HEAD_SCHEME }
  return name => schemes[name.slice(0, name.indexOf('.')).replace('aux_', '')]!
}
