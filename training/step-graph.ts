/** A compiled training step: from pixels, targets and parameters to losses and gradients. */
import type { Feed } from '../engine/session.ts'

/** A parameter that a step takes as an input of its name. Its gradient is the output `gradientName(name)`. */
export interface FedParameter { readonly name: string, readonly shape: readonly number[] }

/** A batch norm that normalizes by its batch: its statistics are the outputs `mean/PATH` and `variance/PATH`, each `[C]`. */
export interface BatchNormOutput {
  readonly path: string
  readonly channels: number
  /** Values that each statistic is computed from. The running variance is unbiased: variance · count / (count − 1). */
  readonly count: number
}

/** The graph of one micro-batch's forward and backward pass. */
export interface StepGraph {
  readonly onnx: Uint8Array
  readonly parameters: readonly FedParameter[]
  readonly norms: readonly BatchNormOutput[]
  /** Names of the scalar outputs: `loss`, and its parts. */
  readonly losses: readonly string[]
  /** Bytes of memory that the tensors of one run need at most. */
  readonly peakBytes: number
}

/**
 * The graph of a forward pass over `microBatch` photos, from pixels to the output `OUTPUT_NAME`, `[N, …]`, and others as needed. Its
 * parameters are those that training changes: the trained ones, and running statistics of norms that use their batch's.
 */
export interface ForwardGraph {
  readonly onnx: Uint8Array
  readonly parameters: readonly FedParameter[]
  readonly peakBytes: number
}

/** Inputs of a run by name. */
export type Feeds = Readonly<Record<string, Feed>>

/** A micro-batch, ready to run: uint8 pixels `[N, H, W, 3]` RGB, and the targets of each photo. */
export interface Prepared<Target> {
  readonly pixels: Uint8Array
  readonly targets: readonly Target[]
}

export const gradientName = (parameter: string): string => `gradient/${parameter}`
