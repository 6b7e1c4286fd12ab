/** How NanoDet's code (nanodet/model/) initializes necks and heads. */
import type { NeckConfig } from '../../models/architectures.ts'
import { constant, kaiming, normalOf, torchDefault, xavier, type WeightFill } from './fill.ts'
import type { Scheme } from './scheme.ts'

const small: WeightFill = () => normalOf(0.01)
/** The logit of a score of 0.01: nearly all points see no object. */
export const RARE = -4.595

const NECKS: Record<NeckConfig['name'], Scheme> = {
  /** fpn/fpn.py */
  fpn: { convolution: xavier },
  /** fpn/pan.py */
  pan: { convolution: xavier },
  /** fpn/ghost_pan.py: module/conv.py initializes its modules, nothing its ghost blocks. */
  'ghost-pan': { convolution: (shape, name) => (/_blocks\./.test(name) ? torchDefault : kaiming)(shape, name) },
  /** fpn/tan.py, and torch.nn.MultiheadAttention */
  tan: { convolution: small, linear: () => normalOf(0.02), others: attention }
}

/** head/gfl_head.py, head/nanodet_head.py, head/nanodet_plus_head.py and head/simple_conv_head.py alike */
export const HEAD_SCHEME: Scheme = {
  convolution: small,
  bias: (_shape, name) => constant(/gfl_cls\./.test(name) ? RARE : 0),
  others: () => constant(1)
}

export const neckScheme = ({ name }: NeckConfig): Scheme => NECKS[name]

/** Positions are small, projections as Xavier's, and their biases 0. */
function attention (shape: readonly number[], name: string): ReturnType<WeightFill> {
  if (name.endsWith('pos_embed')) return normalOf(0.02)
  return shape.length === 1 ? constant(0) : xavier(shape, name)
}
