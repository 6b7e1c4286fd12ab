/** The cost of operators, computed from tensor shapes: NaN if a size is symbolic. */
import { product } from './dim.ts'
import type { Node, Tensor } from './tensor.ts'

/** Operators that copy nothing: they only change the shape or the name. */
const VIEWS = new Set(['Identity', 'Reshape'])

/** Number of products summed into each output element of a multiplying operator. */
const SUMMED: Record<string, (x: Tensor, weight: Tensor) => number> = {
  Conv: (_x, weight) => elements(weight) / Number(weight.dim(0)), // C / groups · k · k
  Gemm: x => Number(x.dim(-1)),
  MatMul: x => Number(x.dim(-1))
}

/** Multiply-accumulate operations of convolutions and matrix products; biases and all other operators count nothing. */
export function macs ({ op, inputs, outputs }: Node): number {
  const summed = SUMMED[op]
  return summed ? elements(outputs[0]!) * summed(inputs[0]!, inputs[1]!) : 0
}

/**
 * The memory access cost of ShuffleNet V2 (https://arxiv.org/abs/1807.11164): elements read and written. Every operator reads each of its
 * inputs once, activations and parameters alike, and writes each of its outputs once: a 1×1 convolution of an h×w map costs
 * h·w·(c1 + c2) + c1·c2, and c2 more with a bias; a sum of two maps 3·h·w·c; pooling, resampling, joining, splitting and
 * reordering cost what goes in plus what comes out. Constants other than parameters (axes, sizes, limits) cost nothing,
 * nor do Reshape and Identity.
 */
export function memoryAccess ({ op, inputs, outputs }: Node): number {
  if (VIEWS.has(op)) return 0
  const read = inputs.filter(x => x !== undefined).filter(isActivationOrParameter)
  return [...new Set(read), ...outputs].reduce((total, x) => total + elements(x), 0)
}

const isActivationOrParameter = ({ source }: Tensor): boolean => source.kind !== 'constant' || source.name !== undefined

/** Number of values in a tensor. */
const elements = ({ shape }: Tensor): number => Number(product(shape))
