import { product } from '../dim.ts'
import { GradientError } from '../errors.ts'
import { node, nodes } from '../node.ts'
import * as op from '../ops.ts'
import { floats, scalar, type Node, type Tensor } from '../tensor.ts'
import { divide } from './arithmetic.ts'
import { sumOut, unbroadcast } from './broadcasting.ts'
import { sizesOf, type Gradients, type Rules } from './rule.ts'

const EPSILON = 1e-5

export const NORM_RULES: Rules = {
  /** y = γ·(x − μ)/σ + β per channel. The statistics count as constants. */
  BatchNormalization: (norm, [g], wanted) => {
    if (!g) return [] // only the statistics have a gradient
    return norm.attributes['training_mode'] === 1 ? ofBatch(norm, g) : ofRunning(norm, g, wanted)
  },
  /** The same over the last axes of each entry, γ and β per entry of these. */
  LayerNormalization: ({ inputs: [x, scale, shift], attributes }, [g]) => {
    const axis = Number(attributes['axis'] ?? -1)
    const first = axis < 0 ? axis + x!.rank : axis
    const { normalized, inverse } = standardized(x!, first, epsilonOf(attributes))
    return [
      ofStandardized(op.mul(g!, scale!), normalized, inverse, first),
      unbroadcast(op.mul(g!, normalized), scale!.shape),
      shift && unbroadcast(g!, shift.shape)
    ]
  },
  /** The same over each channel of each image. */
  InstanceNormalization: ({ inputs: [x, scale], attributes }, [g]) => {
    const [n, c] = sizesOf(x!) as [number, number]
    const planes = (values: Tensor): Tensor => op.reshape(values, [n, c, product(sizesOf(x!).slice(2))])
    const { normalized, inverse } = standardized(planes(x!), 2, epsilonOf(attributes))
    const [flat, perChannel] = [planes(g!), op.reshape(scale!, [c, 1])]
    const ofX = ofStandardized(op.mul(flat, perChannel), normalized, inverse, 2)
    return [op.reshape(ofX, sizesOf(x!)), sumOut(op.mul(flat, normalized), [0, 2]), sumOut(flat, [0, 2])]
  }
}

const epsilonOf = (attributes: Node['attributes']): number => (attributes['epsilon'] as { readonly float: number } | undefined)?.float ?? EPSILON

/** Sums of a channel over images and places. */
const perChannel = (x: Tensor): Tensor => sumOut(x, [...x.shape.keys()].filter(axis => axis !== 1))

/** Values of channels in a shape that broadcasts over images and places. */
const overPlaces = (values: Tensor, { rank }: Tensor): Tensor =>
  op.reshape(values, [values.shape[0] as number, ...Array<number>(rank - 2).fill(1)])

const deviation = (variance: Tensor, epsilon: number): Tensor =>
  node('Sqrt', [op.add(variance, scalar(epsilon))], variance.shape)

/** dβ = Σg, dγ = (Σ g·x − μ·dβ)/σ */
function ofScaleAndShift (x: Tensor, g: Tensor, mean: Tensor, deviation: Tensor): { ofScale: Tensor, ofShift: Tensor } {
  const ofShift = perChannel(g)
  return { ofScale: divide(op.sub(perChannel(op.mul(g, x)), op.mul(mean, ofShift)), deviation), ofShift }
}

/** With running statistics: dx = γ/σ·g. */
function ofRunning ({ inputs, attributes }: Node, g: Tensor, [wantsX, ...wanted]: readonly boolean[]): Gradients {
  const [x, scale, , mean, variance] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor]
  const sigma = deviation(variance, epsilonOf(attributes))
  const ofX = wantsX ? op.mul(g, overPlaces(divide(scale, sigma), g)) : undefined
  if (!wanted.includes(true)) return [ofX]
  const { ofScale, ofShift } = ofScaleAndShift(x, g, mean, sigma)
  return [ofX, ofScale, ofShift]
}

/**
 * With the batch's statistics, M values each: dx = γ/σ·(g − dβ/M − x̂·dγ/M), whose second part is a batch norm of x.
 * @throws GradientError if outputs 1 and 2 are not the batch's statistics
 */
function ofBatch ({ inputs, outputs, attributes }: Node, g: Tensor): Gradients {
  const [x, scale] = inputs as [Tensor, Tensor]
  const [, mean, variance] = outputs as [Tensor, Tensor, Tensor]
  if ((attributes['momentum'] as { readonly float: number } | undefined)?.float !== 0) throw new GradientError('BatchNormalization with momentum')
  const epsilon = epsilonOf(attributes)
  const sigma = deviation(variance, epsilon)
  const { ofScale, ofShift } = ofScaleAndShift(x, g, mean, sigma)
  const rate = divide(scale, sigma)
  const count = product(sizesOf(x)) / x.channels
  const share = (sum: Tensor): Tensor => op.mul(op.mul(sum, rate), scalar(1 / count))
  const common = op.batchNorm(x, share(ofScale), share(ofShift), mean, variance, epsilon)
  return [op.sub(op.mul(g, overPlaces(rate, g)), common), ofScale, ofShift]
}

/** x̂ = (x − μ)/σ over the axes from `first` on, and 1/σ with these axes of size 1. */
function standardized (x: Tensor, first: number, epsilon: number): { normalized: Tensor, inverse: Tensor } {
  const sizes = sizesOf(x)
  const count = product(sizes.slice(first))
  const ones = floats(sizes.slice(first), new Float32Array(count).fill(1))
  const moments = [...sizes.slice(0, first), ...sizes.slice(first).map(() => 1)]
  const [normalized, , inverse] = nodes('LayerNormalization', [x, ones], [sizes, moments, moments].map(shape => [shape, 'float32'] as const),
    { axis: first, epsilon: { float: epsilon } }) as [Tensor, Tensor, Tensor]
  return { normalized, inverse }
}

/** The gradient of x by that of x̂, which is g: (g − mean(g) − x̂·mean(g·x̂))/σ. */
function ofStandardized (g: Tensor, normalized: Tensor, inverse: Tensor, first: number): Tensor {
  const axes = [...g.shape.keys()].slice(first)
  const mean = (x: Tensor): Tensor =>
    node('ReduceMean', [x], x.shape.map((size, axis) => axis < first ? size : 1), { axes, keepdims: 1 })
  const common = op.add(mean(g), op.mul(normalized, mean(op.mul(g, normalized))))
  return op.mul(op.sub(g, common), inverse)
}
