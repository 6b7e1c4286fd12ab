/**
 * The loss of NanoDet's heads. Upstream: nanodet/model/head/gfl_head.py and nanodet_plus_head.py (loss_single, _get_loss_from_assign).
 */
import { div, isAtLeast, maxOver, sumOver } from '../../nn/math.ts'
import * as op from '../../nn/ops.ts'
import { floats, scalar, type Tensor } from '../../nn/tensor.ts'
import { distributionsOf, expectations, outward } from './boxes.ts'
import { distributionLoss } from './distribution-focal.ts'
import { giouLoss } from './giou.ts'
import { backgroundLoss, labelLoss } from './quality-focal.ts'

/** Upstream's weights of the parts. */
const WEIGHTS = { qfl: 1, bbox: 2, dfl: 0.25 }
/** Targets of distributions end this far below the last bin. */
const LAST_BIN_MARGIN = 0.1

/** Names and shapes: training/graph/target-names.ts. */
export interface Targets {
  readonly labels: Tensor
  readonly positive: Tensor
  readonly sides: Tensor
  /** Scores to learn. Without them, they are the IoUs of the predicted boxes. */
  readonly scores?: Tensor
}

export interface LossOptions {
  readonly numClasses: number
  readonly regMax: number
  /** Pixels per cell of each point. */
  readonly strides: ArrayLike<number>
}

/** Scalars. */
export interface LossParts { readonly qfl: Tensor, readonly bbox: Tensor, readonly dfl: Tensor }

/**
 * The parts of the loss, weighted. Without `targets.scores` they are normalized as by NanoDet's first heads: without a positive point,
 * all parts are 0. With scores, as by NanoDet-Plus's.
 * @param predictions `[N, C + 4·(R + 1), P]`
 * @param detach makes a tensor that counts as a constant in gradients
 */
export function detectorLoss (predictions: Tensor, targets: Targets, options: LossOptions, detach: (x: Tensor) => Tensor): LossParts {
  const { numClasses, regMax } = options
  const [logits, distances] = op.split(predictions, [numClasses, 4 * (regMax + 1)]) as [Tensor, Tensor]
  const distributions = distributionsOf(distances, regMax, detach)
  const { positive, labels, scores } = targets
  const { iou, loss } = boxLoss(expectations(distributions), targets, options)
  const weights = op.mul(positive, detach(op.sigmoid(maxOver(logits, [1]))))
  const normalizers = scores ? normalizersOfPlus(positive, weights) : normalizersOfFirst(positive, weights)
  const focal = op.add(backgroundLoss(logits), op.mul(positive, labelLoss(logits, labels, scores ?? detach(iou))))
  const ofSides = sideLoss(distributionLoss(distributions, clamped(targets.sides, regMax)))
  return {
    qfl: part(focal, WEIGHTS.qfl, normalizers.classes),
    bbox: part(op.mul(weights, loss), WEIGHTS.bbox, normalizers.boxes),
    dfl: part(op.mul(weights, ofSides), WEIGHTS.dfl / 4, normalizers.boxes)
  }
}

/** Overlaps and losses of boxes beside their points: in strides, and for NanoDet-Plus in pixels, as upstream has them. */
function boxLoss (distances: Tensor, { sides, scores }: Targets, { strides }: LossOptions) {
  const unit = floats([1, strides.length], Float32Array.from(strides))
  const boxes = (x: Tensor): Tensor => scores ? op.mul(outward(x), unit) : outward(x)
  return giouLoss(boxes(distances), boxes(sides))
}

const clamped = (sides: Tensor, regMax: number): Tensor => op.clip(sides, scalar(0), scalar(Math.fround(regMax - LAST_BIN_MARGIN)))

/** The sum over a box's sides: `[N, 4, 1, P]` → `[N, 1, P]`. */
function sideLoss (loss: Tensor): Tensor {
  const [batch, sides, , points] = loss.shape as [number, number, number, number]
  return sumOver(op.reshape(loss, [batch, sides, points]), [1])
}

/** weight · Σ losses / normalizer */
const part = (losses: Tensor, weight: number, normalizer: Tensor): Tensor => div(op.mul(total(losses), scalar(weight)), normalizer)

/** The sum over all points and photos, a scalar. Sums of each photo come first: fewer rounding errors. */
const total = (x: Tensor): Tensor => op.reshape(sumOver(sumOver(x, [2]), [0]), [])

/** What the sums are divided by. */
interface Normalizers { readonly classes: Tensor, readonly boxes: Tensor }

/** Each photo counts as one positive point at least. Without any, classes are divided by infinity; the sum of boxes is 0 anyway. */
function normalizersOfFirst (positive: Tensor, weights: Tensor): Normalizers {
  const isAny = isAtLeast(total(positive), scalar(1))
  const counts = op.max(sumOver(positive, [2]), scalar(1))
  return { classes: div(total(counts), isAny), boxes: op.add(total(weights), op.sub(scalar(1), isAny)) }
}

const normalizersOfPlus = (positive: Tensor, weights: Tensor): Normalizers =>
  ({ classes: op.max(total(positive), scalar(1)), boxes: op.max(total(weights), scalar(1)) })
