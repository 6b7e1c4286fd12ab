/** What detectors and classifiers differ in, to the loop that trains both. */
import type { Pixels } from '../engine/image/decode.ts'
import type { Output } from '../engine/session.ts'
import type { Random } from './random.ts'
import type { Found } from './settings.ts'
import type { Feeds, ForwardGraph, StepGraph } from './step-graph.ts'

/** Decodes the bytes of a file to upright RGB. @throws ImageError */
export type Decode = (bytes: Uint8Array, maxPixels: number) => Promise<Pixels>

/** Reads a photo: upright RGB, as displayed, unless `decode` scales it. A path is always read with the same one. @throws ImageError */
export type ReadPhoto = (path: string, decode?: Decode) => Promise<Pixels>

/** A photo as the network takes it, uint8 `[H, W, 3]` RGB, and what belongs to it. */
export interface Example<T> { readonly pixels: Uint8Array, readonly target: T }

/** Outputs of a run by name. */
export type Outputs = Readonly<Record<string, Output>>

/**
 * The graphs of a training run, and what goes into and comes out of them. Each worker process makes it, so it depends on the spec alone.
 * `Target` belongs to a training photo, `Shown` to a validation photo.
 */
export interface Objective<Target = unknown, Shown = unknown> {
  readonly step: StepGraph
  /** The forward pass over a training batch, where targets depend on predictions. It is run before each step. */
  readonly assignment?: ForwardGraph
  /** The forward pass over validation photos, as the served network computes it. */
  readonly evaluation: ForwardGraph
  /**
   * A photo of the training set with random changes.
   * @param next the only source of random numbers
   */
  example (index: number, read: ReadPhoto, next: Random): Promise<Example<Target>>
  /**
   * The inputs of a step besides pixels and parameters.
   * @param targets of the micro-batch's photos
   * @param predictions the outputs of `assignment`
   */
  feeds (targets: readonly Target[], predictions: Outputs | undefined): Feeds
  /** A photo of the validation set, as the served model sees it. */
  shown (index: number, read: ReadPhoto): Promise<Example<Shown>>
  /** @param predictions the part of the output of `evaluation` that is this photo's */
  found (predictions: Float32Array, shown: Shown): Found
}
