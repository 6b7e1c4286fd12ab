/**
 * Distribution Focal Loss of Generalized Focal Loss. https://arxiv.org/abs/2006.04388
 * Upstream: nanodet/model/loss/gfocal_loss.py (distribution_focal_loss)
 */
import { abs, log, sumOver } from '../../nn/math.ts'
import * as op from '../../nn/ops.ts'
import { floats, scalar, type Tensor } from '../../nn/tensor.ts'
import type { Distributions } from './boxes.ts'

/** Cross-entropy `[N, 4, 1, P]` of each distribution with the two bins beside its target `[N, 4, P]`, in 0 … R. */
export function distributionLoss ({ shifted, sum }: Distributions, targets: Tensor): Tensor {
  const [batch, sides, bins, points] = shifted.shape as [number, number, number, number]
  const numbers = floats([bins, 1], Float32Array.from({ length: bins }, (_, bin) => bin))
  const away = abs(op.sub(numbers, op.reshape(targets, [batch, sides, 1, points])))
  const masses = op.relu(op.sub(scalar(1), away)) // of the bins below and above: 1 − the distance to each
  return op.sub(log(sum), sumOver(op.mul(masses, shifted), [2]))
}
