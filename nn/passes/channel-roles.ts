import { isNumber } from '../dim.ts'
import type { Node, Tensor } from '../tensor.ts'

/**
 * What an operator does to the channels of feature maps `[N, C, H, W]`:
 * - `dense`: a convolution that computes each channel from all channels of its input
 * - `channelwise`: channel c depends only on channel c of the inputs and of the parameters
 * - `routing`: passes channels on, reordered, split or joined
 * - `opaque`: anything else
 */
export type Role = 'dense' | 'channelwise' | 'routing' | 'opaque'

const ELEMENTWISE = ['Clip', 'Elu', 'Erf', 'HardSigmoid', 'HardSwish', 'LeakyRelu', 'Relu', 'Selu', 'Sigmoid']
const SPATIAL = ['AveragePool', 'GlobalAveragePool', 'MaxPool', 'Resize']
const UNARY = new Set([...ELEMENTWISE, ...SPATIAL])
const BINARY = new Set(['Add', 'Mul', 'Sub'])
const ROUTING = new Set(['Concat', 'Gather', 'Split'])

export function roleOf (node: Node): Role {
  const { op, inputs, attributes, outputs } = node
  if (!isMap(inputs[0]) || !outputs.every(isMap)) return 'opaque'
  if (op === 'Conv') return roleOfConv(node)
  if (ROUTING.has(op)) return attributes['axis'] === 1 ? 'routing' : 'opaque'
  return isChannelwise(node) ? 'channelwise' : 'opaque'
}

function roleOfConv ({ inputs: [x, weight, bias], attributes: { group } }: Node): Role {
  if (!isConstant(weight) || (bias && !isConstant(bias))) return 'opaque'
  if (group === 1) return 'dense'
  return group === x!.channels && group === weight!.dim(0) ? 'channelwise' : 'opaque'
}

function isChannelwise ({ op, inputs, outputs }: Node): boolean {
  if (UNARY.has(op)) return true
  if (op === 'BatchNormalization') return inputs.slice(1).every(isConstant)
  if (op === 'PRelu') return inputs[1]!.shape.join() === '1'
  const fits = (x: Tensor | undefined): boolean => isMap(x) ? x!.shape[1] === outputs[0]!.shape[1] : x?.rank === 0
  return BINARY.has(op) && inputs.every(fits)
}

/** `[N, C, H, W]` with a known number of channels; height and width may be names. */
export const isMap = (x: Tensor | undefined): boolean => x?.rank === 4 && x.type === 'float32' && isNumber(x.shape[1]!)
export const isConstant = (x: Tensor | undefined): boolean => x?.source.kind === 'constant'
