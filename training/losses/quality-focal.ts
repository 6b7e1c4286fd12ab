/**
 * Quality Focal Loss of Generalized Focal Loss. https://arxiv.org/abs/2006.04388
 * Upstream: nanodet/model/loss/gfocal_loss.py (quality_focal_loss)
 */
import { gatherElements, softplus, sumOver } from '../../nn/math.ts'
import * as op from '../../nn/ops.ts'
import type { Tensor } from '../../nn/tensor.ts'

/** Σ softplus(x)·σ(x)² over each point's logits `[N, C, P]`, `[N, 1, P]`: the loss of a background point. */
export function backgroundLoss (logits: Tensor): Tensor {
  const sigmoid = op.sigmoid(logits)
  return sumOver(op.mul(softplus(logits), op.mul(sigmoid, sigmoid)), [1])
}

/**
 * What a positive point's loss differs in from that of a background point, `[N, 1, P]`: BCE(x, score)·(score − σ(x))² at its label
 * instead of BCE(x, 0)·σ(x)². It reads one logit of a point.
 * @param labels int64 `[N, 1, P]`
 * @param scores `[N, 1, P]`
 */
export function labelLoss (logits: Tensor, labels: Tensor, scores: Tensor): Tensor {
  const x = gatherElements(logits, labels, 1)
  const [sigmoid, base] = [op.sigmoid(x), softplus(x)]
  const away = op.sub(scores, sigmoid)
  const entropy = op.sub(base, op.mul(x, scores))
  return op.sub(op.mul(entropy, op.mul(away, away)), op.mul(base, op.mul(sigmoid, sigmoid)))
}
