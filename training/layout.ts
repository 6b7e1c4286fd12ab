import { product } from '../nn/dim.ts'
import type { FedParameter, StepGraph } from './step-graph.ts'

/** Suffixes of the names of a batch norm's running statistics. */
const MEAN = '.running_mean'
const VARIANCE = '.running_var'

interface Part { readonly shape: readonly number[], readonly start: number, readonly end: number }

/**
 * All that training changes, in one flat array: the trained parameters, and after them the mean and variance of each norm that uses its
 * batch's statistics. Gradients and the statistics of a batch have the same layout.
 */
export class Layout {
  /** Values in all. */
  readonly size: number
  /** Values of the trained parameters, which come first. */
  readonly trained: number
  readonly #parts = new Map<string, Part>()

  constructor ({ parameters, norms }: Pick<StepGraph, 'parameters' | 'norms'>) {
    this.trained = this.#add(parameters, 0)
    this.size = this.#add(norms.flatMap(statisticsOf), this.trained)
  }

  /** Names in order. */
  get names (): string[] { return [...this.#parts.keys()] }

  shapeOf (name: string): readonly number[] { return this.#parts.get(name)!.shape }

  /** A part of a flat array, without a copy. */
  view (flat: Float32Array, name: string): Float32Array {
    const { start, end } = this.#parts.get(name)!
    return flat.subarray(start, end)
  }

  #add (parameters: readonly FedParameter[], start: number): number {
    let end = start
    for (const { name, shape } of parameters) {
      this.#parts.set(name, { shape, start: end, end: end += product(shape) })
    }
    return end
  }
}

/** Names of a norm's running statistics. */
export const runningMean = (path: string): string => `${path}${MEAN}`
export const runningVariance = (path: string): string => `${path}${VARIANCE}`

const statisticsOf = ({ path, channels }: { path: string, channels: number }): FedParameter[] =>
  [runningMean(path), runningVariance(path)].map(name => ({ name, shape: [channels] }))
