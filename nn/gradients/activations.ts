import { sumOver } from '../math.ts'
import { node } from '../node.ts'
import * as op from '../ops.ts'
import { scalar, type Node, type Tensor } from '../tensor.ts'
import { negative } from './arithmetic.ts'
import { unbroadcast } from './broadcasting.ts'
import { single, type Rules } from './rule.ts'

/** Makes a step of HardSigmoid's slope. A power of two, so that it rounds no bound. */
const STEEP = 2 ** 100
/** Of Selu. */
const ALPHA = 1.67326319217681884765625
const GAMMA = 1.05070102214813232421875

/**
 * Rules of activations. Those that a convolution can take in read only their output, so that they still can be fused; a product with a
 * mask of 0 and 1 takes less time than Where.
 */
export const ACTIVATION_RULES: Rules = {
  /** y = max(x, 0): g where y > 0 */
  Relu: single((g, { outputs: [y] }) => op.mul(g, above(y!, 0))),
  /** y = x or slope·x: g or slope·g */
  LeakyRelu: single((g, { outputs: [y], attributes }) =>
    op.mul(g, op.clip(op.mul(y!, scalar(STEEP)), scalar(real(attributes, 'alpha', 0.01)), scalar(1)))),
  /** y = x or slope·x, with a learned slope: g or slope·g, Σ g·min(x, 0) */
  PRelu: ({ inputs: [x, slope] }, [g]) => {
    const isAbove = above(x!, 0)
    const rate = op.add(op.mul(op.sub(scalar(1), slope!), isAbove), slope!)
    return [op.mul(g!, rate), unbroadcast(op.mul(g!, op.min(x!, scalar(0))), slope!.shape)]
  },
  /** y = min(max(x, low), high): g strictly between the bounds */
  Clip: single((g, { inputs: [, low, high], outputs: [y] }) => between(g, y!, low, high)),
  /** y = 1/(1 + e⁻ˣ): g·(y − y²) */
  Sigmoid: single((g, { outputs: [y] }) => op.mul(g, op.sub(y!, op.mul(y!, y!)))),
  /** y = min(max(αx + β, 0), 1): αg where 0 < y < 1 */
  HardSigmoid: single((g, { outputs: [y], attributes }) =>
    op.mul(between(g, y!, scalar(0), scalar(1)), scalar(real(attributes, 'alpha', 0.2)))),
  /** y = x·h, h = min(max(x/6 + 1/2, 0), 1): g·(h + x/6 where |x| < 3) */
  HardSwish: single((g, { inputs: [x] }) => {
    const inner = op.mul(x!, below(node('Abs', [x], x!.shape), 3))
    return op.mul(g, op.add(op.hardSigmoid(x!), op.mul(inner, scalar(1 / 6))))
  }),
  /** y = x or α(eˣ − 1): g or g·(y + α) */
  Elu: single((g, { outputs: [y], attributes }) => op.mul(g, exponential(y!, 1, real(attributes, 'alpha', 1)))),
  /** y = γx or γα(eˣ − 1): γg or g·(y + γα) */
  Selu: single((g, { outputs: [y], attributes }) => {
    const gamma = real(attributes, 'gamma', GAMMA)
    return op.mul(g, exponential(y!, gamma, gamma * real(attributes, 'alpha', ALPHA)))
  }),
  /** y = 2/√π · ∫₀ˣ e^(−t²): g·2/√π·e^(−x²) */
  Erf: single((g, { inputs: [x] }) =>
    op.mul(g, op.mul(node('Exp', [negative(op.mul(x!, x!))], x!.shape), scalar(2 / Math.sqrt(Math.PI))))),
  /** y = ln(1 + eˣ): g/(1 + e⁻ˣ) */
  Softplus: single((g, { inputs: [x] }) => op.mul(g, op.sigmoid(x!))),
  /** y = tanh x: g·(1 − y²) */
  Tanh: single((g, { outputs: [y] }) => op.mul(g, op.sub(scalar(1), op.mul(y!, y!)))),
  /** y = eˣ/Σeˣ: y·(g − Σ g·y) */
  Softmax: single((g, { outputs: [y], attributes }) =>
    op.mul(y!, op.sub(g, sumOver(op.mul(g, y!), [axisOf(attributes, y!)])))),
  /** y = x − ln Σeˣ: g − eʸ·Σg */
  LogSoftmax: single((g, { outputs: [y], attributes }) =>
    op.sub(g, op.mul(node('Exp', [y], y!.shape), sumOver(g, [axisOf(attributes, y!)]))))
}

const real = (attributes: Node['attributes'], name: string, otherwise: number): number =>
  (attributes[name] as { readonly float: number } | undefined)?.float ?? otherwise

const axisOf = (attributes: Node['attributes'], { rank }: Tensor): number => {
  const axis = Number(attributes['axis'] ?? -1)
  return axis < 0 ? axis + rank : axis
}

/** min(max(slope·x + shift, 0), 1) in one operator. */
const step = (x: Tensor, slope: number, shift: number): Tensor =>
  node('HardSigmoid', [x], x.shape, { alpha: { float: slope }, beta: { float: shift } })

/** 1 where x > bound, else 0. */
const above = (x: Tensor, bound: number): Tensor => step(x, STEEP, -STEEP * bound)
/** 1 where x < bound, else 0. */
const below = (x: Tensor, bound: number): Tensor => step(x, -STEEP, STEEP * bound)

/** g where low < y < high. */
function between (g: Tensor, y: Tensor, low: Tensor | undefined, high: Tensor | undefined): Tensor {
  const masks = [...low ? [above(y, valueOf(low))] : [], ...high ? [below(y, valueOf(high))] : []]
  return masks.reduce((inside, mask) => op.mul(inside, mask), g)
}

/** The derivative, by y, of what is linear above 0 and falls exponentially to −depth below. */
function exponential (y: Tensor, slope: number, depth: number): Tensor {
  const rate = op.add(op.min(y, scalar(0)), scalar(depth))
  return slope === depth ? rate : op.add(rate, op.mul(above(y, 0), scalar(slope - depth)))
}

/** The value of a constant. */
function valueOf ({ source }: Tensor): number {
  if (source.kind !== 'constant') throw new Error('gradients of Clip need constant bounds')
  return Number(source.data[0])
}
