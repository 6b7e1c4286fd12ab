import * as op from '../../nn/ops.ts'
import type { Tensor } from '../../nn/tensor.ts'

/** Tensors that count as constants in gradients: for the option `detached` of `gradients`. */
export class Detached extends Set<Tensor> {
  /** The same value without a gradient. */
  readonly detach = (x: Tensor): Tensor => {
    const detached = op.identity(x)
    this.add(detached)
    return detached
  }
}
