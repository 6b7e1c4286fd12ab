import { sameShape, type Shape } from '../../nn/dim.ts'
import { ParameterError } from '../../nn/errors.ts'
import type { Weights } from '../../nn/scope.ts'
import type { Tensor } from '../../nn/tensor.ts'

/** A trained parameter: convolution kernels are `[out, in / groups, k, k]`, as PyTorch has them. */
export interface Parameter { readonly shape: readonly number[], readonly data: Float32Array }

/** What a checkpoint holds, by name. */
export interface StateDict {
  /** Batch norms are folded into the convolutions before them. */
  readonly folded: boolean
  readonly parameters: ReadonlyMap<string, Parameter>
}

/** A network that a checkpoint is for: built over one image of its own input size, with whatever weights. */
export type Build = (weights: Weights) => {
  /** Every parameter in use by its full name, in the order of the forward pass. */
  readonly params: ReadonlyMap<string, Tensor>
  readonly output: Tensor
}

/** Weights that take every parameter from a checkpoint, by name and of exactly the right shape. */
export function weightsOf ({ folded, parameters }: StateDict): Weights {
  return {
    folded,
    get (name: string, shape: Shape) {
      const found = parameters.get(name)
      if (found === undefined || !sameShape(found.shape, shape)) throw new ParameterError(name, shape, found?.shape)
      return found.data
    }
  }
}

/** Weights of zeros: what a network of this shape needs can be read from its `params`. */
export function zeros (folded: boolean): Weights {
  return { folded, get: (_name, shape) => new Float32Array(shape.reduce<number>((size, dim) => size * Number(dim), 1)) }
}
