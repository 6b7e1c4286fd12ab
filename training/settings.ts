/** How a training run proceeds, and what it reports. */
import type { DetectedObject } from '../engine/results.ts'
import type { StateDict } from '../models/checkpoints/state-dict.ts'

export type OptimizerSettings =
  | { readonly name: 'adamw', readonly weightDecay: number }
  | { readonly name: 'sgd', readonly momentum: number, readonly weightDecay: number }

/** Upstream's schedules, which change the rate when an epoch starts, and its warm-up, which begins at a share of the rate. */
export type UpstreamSchedule = { readonly warmupRatio: number } & (
  | { readonly name: 'CosineAnnealingLR', readonly epochs: number, readonly minRate: number }
  | { readonly name: 'MultiStepLR', readonly milestones: readonly number[], readonly gamma: number }
)

export interface TrainingSettings {
  readonly epochs: number
  /** Photos of one step of the optimizer; a multiple of the spec's `microBatch`. */
  readonly batch: number
  readonly optimizer: OptimizerSettings
  readonly learningRate: number
  /** Steps in which the rate rises linearly to `learningRate`. */
  readonly warmupSteps: number
  /** The rate at the end of the cosine, as a share of `learningRate`. */
  readonly finalRate: number
  /** By default, half a cosine over all steps. With one of upstream's, `finalRate` has no effect. */
  readonly schedule?: UpstreamSchedule
  /** Maximum norm of the gradient of all parameters together. */
  readonly clipNorm: number
  /** Decay of the moving average of the parameters, which validation and the result use; 0 for none. */
  readonly averageDecay: number
  /** Epochs without a better score after which training ends. */
  readonly patience: number
  /** Worker processes, one thread each. The results do not depend on it. */
  readonly workers: number
}

export interface StepReport {
  readonly epoch: number
  /** From 1, over all epochs. */
  readonly step: number
  readonly steps: number
  /** `loss` and its parts, means over the batch's runs. */
  readonly losses: Readonly<Record<string, number>>
  readonly rate: number
  /** Norm of the gradient before clipping. */
  readonly gradientNorm: number
  readonly photosPerSecond: number
}

export interface EpochReport {
  readonly epoch: number
  readonly epochs: number
  /** Means over the epoch's steps. */
  readonly losses: Readonly<Record<string, number>>
  readonly rate: number
  /** Of the validation photos; undefined without any. */
  readonly score: number | undefined
  /** All that the validation photos were measured by, as `TrainingHooks.measures` gave it. */
  readonly measures?: Readonly<Record<string, number>>
  /** The best score so far. */
  readonly isBest: boolean
  /** Seconds of the whole epoch, validation included. */
  readonly seconds: number
}

/** Where a run keeps its state, so that it can be resumed to the bit. */
export interface StateFile {
  readonly path: string
  /** Continue from it. */
  readonly resume: boolean
}

/** What a network finds on a validation photo: a detector's objects, or a classifier's logits. */
export type Found = readonly DetectedObject[] | Float32Array

export interface TrainingHooks {
  onStep? (report: StepReport): void
  onEpoch? (report: EpochReport): void
  /** Scores what was found on the validation photos, in their order; higher is better. */
  score (found: readonly Found[]): number | Promise<number>
  /** What the last call of `score` measured, by name; it is kept with the epoch, also in the state. */
  readonly measures?: Readonly<Record<string, number>>
  /** Aborted, training stops after the current step, with its state saved. */
  readonly signal?: AbortSignal
}

export interface TrainingResult {
  /** The best parameters by score, or the last ones without validation photos. */
  readonly stateDict: StateDict
  /** The epoch that they are of. */
  readonly epoch: number
  readonly score: number | undefined
  readonly history: readonly EpochReport[]
  readonly ending: 'finished' | 'early' | 'interrupted'
}
