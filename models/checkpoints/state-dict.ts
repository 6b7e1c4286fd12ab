import { sameShape, type Shape } from '../../nn/dim.ts'
import { ParameterError } from '../../nn/errors.ts'
import type { Weights } from '../../nn/scope.ts'
import type { Tensor } from '../../nn/tensor.ts'
import { CheckpointError } from './errors.ts'

/** A trained parameter. Convolution kernels are `[out, in / groups, k, k]`, as in PyTorch. */
export interface Parameter { readonly shape: readonly number[], readonly data: Float32Array }

/** The contents of a checkpoint file, by name. */
export interface Tensors {
  readonly parameters: ReadonlyMap<string, Parameter>
  /** Types of tensors whose numbers can't be read; left out if there are none. */
  readonly unreadable?: ReadonlyMap<string, string>
}

/** The parameters of a network. */
export interface StateDict extends Tensors {
  /** Batch norms are folded into the convolutions before them. */
  readonly folded: boolean
}

/** Builds the network that a checkpoint is for, over one image of its own input size. */
export type Build = (weights: Weights) => {
  /** Every parameter in use by its full name, in the order of the forward pass. */
  readonly params: ReadonlyMap<string, Tensor>
  readonly output: Tensor
}

/**
 * Weights that take every parameter from a checkpoint, by name and of exactly the right shape.
 * @throws ParameterError if a parameter is missing or of another shape, CheckpointError if its type can't be read
 */
export function weightsOf ({ folded, parameters, unreadable }: StateDict): Weights {
  return {
    folded,
    get (name: string, shape: Shape) {
      const found = parameters.get(name)
      const type = unreadable?.get(name)
      if (type !== undefined) throw unreadableError(name, type)
      if (found === undefined || !sameShape(found.shape, shape)) throw new ParameterError(name, shape, found?.shape)
      return found.data
    }
  }
}

const unreadableError = (name: string, type: string): CheckpointError =>
  new CheckpointError(undefined, `parameter ${name} is of the type ${type}, which can't be read: save float tensors`)

/** Weights of zeros, for networks of which only shapes and names matter. */
export function zeros (folded: boolean): Weights {
  return { folded, get: (_name, shape) => new Float32Array(shape.reduce<number>((size, dim) => size * Number(dim), 1)) }
}
