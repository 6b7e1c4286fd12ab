import type { ModelConfig } from '../../models/config.ts'
import { imageOfPixels } from '../../models/network.ts'
import { add } from '../../nn/ops.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import type { Detached } from '../losses/detached.ts'
import { detectorLoss, type LossOptions, type LossParts, type Targets } from '../losses/detector-loss.ts'
import type { StepGraph } from '../step-graph.ts'
import { pointsOf } from '../targets/points.ts'
import { compileStep, type Step } from './compile-step.ts'
import { isAssignedByPredictions } from './generation.ts'
import { networkInTraining, type NetworkOptions } from './network-in-training.ts'
import { TARGETS } from './target-names.ts'

export interface DetectorGraphOptions extends NetworkOptions {
  /** Photos of one run. */
  readonly microBatch: number
}

/**
 * One training step of a detector: `pixels`, uint8 `[N, H, W, 3]` RGB, targets (target-names.ts) and parameters → losses and
 * gradients. Losses are `loss` and upstream's parts: `loss_qfl`, `loss_bbox`, `loss_dfl`, and `aux_loss_…` of the auxiliary head.
 * @throws NetworkError if the initial values do not fit, GradientError if an operator has no gradient
 */
export const detectorGraph = (options: DetectorGraphOptions): StepGraph =>
  compileStep(detectorStep(options, imageOfPixels(options.config, options.microBatch)))

/** The same over a normalized image `[N, 3, H, W]`, before the backward pass is added. */
export function detectorStep (options: DetectorGraphOptions, image: Tensor): Step {
  const { heads, detached, ...network } = networkInTraining(options, image)
  return { ...network, losses: lossesOf(options, heads, detached), detached }
}

/** The heads' losses by name, and their sum. */
function lossesOf (options: DetectorGraphOptions, heads: readonly Tensor[], { detach }: Detached): Record<string, Tensor> {
  const targets = targetInputs(options)
  const parts = heads.map((planes, i) => named(detectorLoss(planes, targets, lossOptions(options.config), detach), PREFIXES[i]!))
  const all = Object.assign({}, ...parts) as Record<string, Tensor>
  return { loss: Object.values(all).reduce(add), ...all }
}

const PREFIXES = ['', 'aux_']

const named = ({ qfl, bbox, dfl }: LossParts, prefix: string) =>
  ({ [`${prefix}loss_qfl`]: qfl, [`${prefix}loss_bbox`]: bbox, [`${prefix}loss_dfl`]: dfl })

const lossOptions = (config: ModelConfig): LossOptions =>
  ({ numClasses: config.labels.length, regMax: config.head.regMax, strides: pointsOf(config).strides })

function targetInputs ({ config, microBatch }: DetectorGraphOptions): Targets {
  const points = pointsOf(config).x.length
  const of = (name: string, rows: number, type?: 'int64'): Tensor => input(name, [microBatch, rows, points], type)
  return {
    labels: of(TARGETS.labels, 1, 'int64'),
    positive: of(TARGETS.positive, 1),
    sides: of(TARGETS.sides, 4),
    ...(isAssignedByPredictions(config) && { scores: of(TARGETS.scores, 1) })
  }
}
