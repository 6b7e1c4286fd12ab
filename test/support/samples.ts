import type { Value } from './run.ts'

/** A tensor of reference figures: its shape, its sum, and some of its values at flat indices. */
export interface Samples { shape: number[], sum: number, index: number[], value: number[] }

/**
 * How far a tensor is from reference figures, as a share of the largest value: at the samples, and in the mean.
 * Infinity where the shapes differ.
 */
export function samplesDiffer ({ dims, data }: Value, { shape, sum, index, value }: Samples): number {
  if (dims.join() !== shape.join()) return Infinity
  const largest = data.reduce((max, x) => Math.max(max, Math.abs(x)), 0)
  const mean = Math.abs(data.reduce((total, x) => total + x, 0) - sum) / data.length
  return Math.max(mean, ...index.map((i, k) => Math.abs(data[i]! - value[k]!))) / largest
}
