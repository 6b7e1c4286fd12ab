/**
 * The four guidelines of ShuffleNet V2 for networks that are fast and not only small, as metrics of a graph.
 * https://arxiv.org/abs/1807.11164, section 2
 */
import { macs, memoryAccess } from '../nn/cost.ts'
import type { Node, Tensor } from '../nn/tensor.ts'

export interface Guideline {
  readonly guideline: 'G1' | 'G2' | 'G3' | 'G4'
  readonly metric: string
  readonly value: number
  /** The guideline's ideal value. */
  readonly ideal: number
  readonly meaning: string
}

/** Element-wise operators. */
const ELEMENT_WISE = new Set([
  'Add', 'BatchNormalization', 'Clip', 'Div', 'Elu', 'Erf', 'HardSigmoid', 'HardSwish', 'LeakyRelu', 'Mul', 'PRelu', 'Relu', 'Selu', 'Sigmoid', 'Sub'
])

/**
 * - G1, equal widths cost the least memory access: wider ÷ narrower side of ungrouped 1×1 convolutions, mean weighted by MACs.
 * - G2, groups cost memory access: the share of all convolutions' MACs that is in grouped ones, and the mean number of groups, weighted by
 *   MACs; both exclude depthwise convolutions, which the paper counts as element-wise.
 * - G3, fragmentation hinders parallel work within an operator: operators ÷ operators of the longest chain; 1 if nothing is parallel.
 * - G4, element-wise operators are not free: their share of all memory access (activations, sums, products, unfolded batch norms).
 * @param nodes in topological order
 */
export function guidelines (nodes: readonly Node[]): Guideline[] {
  const convs = nodes.filter(({ op }) => op === 'Conv').map(readConv)
  const dense = convs.filter(({ groups, inChannels }) => groups === 1 || groups < inChannels)
  const grouped = dense.filter(({ groups }) => groups > 1)
  const pointwise = dense.filter(({ groups, kernel }) => groups === 1 && kernel === 1)
  const elementWise = nodes.filter(({ op }) => ELEMENT_WISE.has(op))
  return [
    { guideline: 'G1', metric: 'channel ratio', value: meanByMacs(pointwise, widthRatio), ideal: 1, meaning: 'wider ÷ narrower side of 1×1 convolutions, mean by MACs' },
    { guideline: 'G2', metric: 'grouped share', value: share(grouped, dense, ({ macs }) => macs), ideal: 0, meaning: 'of MACs, in grouped convolutions that are not depthwise' },
    { guideline: 'G2', metric: 'groups', value: meanByMacs(dense, ({ groups }) => groups), ideal: 1, meaning: 'of convolutions that are not depthwise, mean by MACs' },
    { guideline: 'G3', metric: 'fragmentation', value: nodes.length / longestChain(nodes), ideal: 1, meaning: 'operators ÷ operators of the longest chain' },
    { guideline: 'G4', metric: 'element-wise share', value: share(elementWise, nodes, memoryAccess), ideal: 0, meaning: 'of memory access, in element-wise operators' }
  ]
}

interface Conv {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernel: number
  readonly groups: number
  readonly macs: number
}

function readConv (node: Node): Conv {
  const [x, weight] = node.inputs as [Tensor, Tensor]
  const [outChannels, perGroup, kernel] = weight.shape as [number, number, number]
  return { inChannels: x.channels, outChannels, kernel, groups: x.channels / perGroup, macs: macs(node) }
}

const widthRatio = ({ inChannels, outChannels }: Conv): number =>
  Math.max(inChannels, outChannels) / Math.min(inChannels, outChannels)

/** The weighted mean; 1, the ideal value, if the weights sum to 0. */
function meanByMacs (convs: readonly Conv[], value: (conv: Conv) => number): number {
  const total = convs.reduce((sum, { macs }) => sum + macs, 0)
  return total === 0 ? 1 : convs.reduce((sum, conv) => sum + value(conv) * conv.macs, 0) / total
}

/** Share of the total cost, 0 … 1. */
function share<T> (part: readonly T[], whole: readonly T[], cost: (item: T) => number): number {
  const total = (items: readonly T[]): number => items.reduce((sum, item) => sum + cost(item), 0)
  return part.length === 0 ? 0 : total(part) / total(whole)
}

function longestChain (nodes: readonly Node[]): number {
  const lengths = new Map<Node, number>()
  for (const node of nodes) {
    const before = node.inputs.map(x => x?.source.kind === 'node' ? lengths.get(x.source.node)! : 0)
    lengths.set(node, 1 + Math.max(0, ...before))
  }
  return Math.max(...lengths.values())
}
