/**
 * Generalized Intersection over Union: A Metric and A Loss for Bounding Box Regression. https://arxiv.org/abs/1902.09630
 * Upstream: nanodet/model/loss/iou_loss.py
 */
import { div, isAtLeast } from '../../nn/math.ts'
import * as op from '../../nn/ops.ts'
import { scalar, type Tensor } from '../../nn/tensor.ts'

/** Smallest area to divide by. */
const MIN_AREA = 1e-6

/**
 * IoU and the loss 1 − GIoU of each pair, `[N, 1, P]`; boxes `[N, 4, P]` (x1, y1, x2, y2). At a tie of two sides, each gets half of the
 * gradient, as in PyTorch.
 */
export function giouLoss (boxes: Tensor, targets: Tensor): { iou: Tensor, loss: Tensor } {
  const [[low, high], [targetLow, targetHigh]] = [corners(boxes), corners(targets)]
  const common = area(atLeastZero(op.sub(op.min(high, targetHigh), op.max(low, targetLow))))
  const around = atLeast(area(atLeastZero(op.sub(op.max(high, targetHigh), op.min(low, targetLow)))))
  const union = atLeast(op.sub(op.add(area(op.sub(high, low)), area(op.sub(targetHigh, targetLow))), common))
  const iou = div(common, union)
  const giou = op.sub(iou, div(op.sub(around, union), around))
  return { iou, loss: op.sub(scalar(1), giou) }
}

const corners = (boxes: Tensor): [low: Tensor, high: Tensor] => op.split(boxes, [2, 2]) as [Tensor, Tensor]

/** Width · height, of `[N, 2, P]`. */
function area (sides: Tensor): Tensor {
  const [width, height] = op.split(sides, [1, 1]) as [Tensor, Tensor]
  return op.mul(width, height)
}

/** max(x, 0), whose gradient passes at 0, as that of PyTorch's clamp. */
const atLeastZero = (x: Tensor): Tensor => op.mul(x, isAtLeast(x, scalar(0)))

/** max(x, MIN_AREA), whose gradient does not pass below it. */
const atLeast = (x: Tensor): Tensor => {
  const isAbove = isAtLeast(x, scalar(MIN_AREA))
  return op.add(op.mul(x, isAbove), op.mul(op.sub(scalar(1), isAbove), scalar(MIN_AREA)))
}
