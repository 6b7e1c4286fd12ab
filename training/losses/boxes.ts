/** Boxes `[N, 4, P]`: planes of x1, y1, x2, y2. */
import { div, exp, maxOver, sumOver } from '../../nn/math.ts'
import * as op from '../../nn/ops.ts'
import { floats, type Tensor } from '../../nn/tensor.ts'

/** exp(x − max) of each distribution's logits, with their sum: what both the softmax and its logarithm are made of. */
export interface Distributions {
  /** `[N, 4, R + 1, P]` */
  readonly shifted: Tensor
  /** eˣ of the shifted logits. */
  readonly powers: Tensor
  /** `[N, 4, 1, P]` */
  readonly sum: Tensor
}

/** Logits `[N, 4·(R + 1), P]`. The maximum cancels out, so it counts as a constant. */
export function distributionsOf (logits: Tensor, regMax: number, detach: (x: Tensor) => Tensor): Distributions {
  const [batch, , points] = logits.shape as [number, number, number]
  const apart = op.reshape(logits, [batch, 4, regMax + 1, points])
  const shifted = op.sub(apart, detach(maxOver(apart, [2])))
  const powers = exp(shifted)
  return { shifted, powers, sum: sumOver(powers, [2]) }
}

/** Expected values `[N, 4, P]` of the distributions: distances to left, top, right and bottom in strides. */
export function expectations ({ powers, sum }: Distributions): Tensor {
  const [batch, sides, bins, points] = powers.shape as [number, number, number, number]
  const numbers = floats([bins, 1], Float32Array.from({ length: bins }, (_, bin) => bin))
  return op.reshape(div(sumOver(op.mul(powers, numbers), [2]), sum), [batch, sides, points])
}

/** −1 for left and top, 1 for right and bottom, `[4, 1]`: from a point's distances to corners beside it. */
export const outward = (distances: Tensor): Tensor => op.mul(distances, floats([4, 1], Float32Array.of(-1, -1, 1, 1)))
