/** How initial values of parameters are drawn. Shapes are those of weights: `[out, in / groups, k, k]`, or `[out, in]`. */
import { product } from '../../nn/dim.ts'
import { normal, uniform, type Random } from '../random.ts'

/** The next value of a parameter. */
export type Fill = (next: Random) => number
/** The fill of a weight of this shape and name. */
export type WeightFill = (shape: readonly number[], name: string) => Fill

export const constant = (value: number): Fill => () => value
export const normalOf = (deviation: number): Fill => next => deviation * normal(next)
/** Between −limit and limit. */
export const within = (limit: number): Fill => next => uniform(next, -limit, limit)

/** Values that each output is computed from. */
const fanIn = ([, ...shape]: readonly number[]): number => product(shape)
/** Values that each input goes into, as PyTorch counts them: as if there were no groups. */
const fanOut = ([out = 1, , ...kernel]: readonly number[]): number => out * product(kernel)

/** Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (torch.nn.init.xavier_uniform_). */
export const xavier: WeightFill = shape => within(Math.sqrt(6 / (fanIn(shape) + fanOut(shape))))

/**
 * Delving Deep into Rectifiers (https://arxiv.org/abs/1502.01852), so that gradients keep their variance:
 * torch.nn.init.kaiming_normal_ with `mode='fan_out'`.
 */
export const kaiming: WeightFill = shape => normalOf(Math.sqrt(2 / fanOut(shape)))

/** The same, a depthwise convolution counted as one that each input goes through once, as TensorFlow's MobileNets count. */
export const kaimingByGroup: WeightFill = shape =>
  normalOf(Math.sqrt(2 / (shape[1] === 1 ? fanIn(shape) : fanOut(shape))))

/** What PyTorch's layers have when nothing initializes them (torch.nn.Conv2d, torch.nn.Linear), weights and biases alike. */
export const torchDefault: WeightFill = shape => within(1 / Math.sqrt(fanIn(shape)))
