import { percentile } from '../../engine/numbers.ts'

/** Latencies in milliseconds; 0 without answers. */
export interface Latency { readonly p50: number, readonly p95: number, readonly p99: number }

/** @param times in milliseconds, in any order */
export function latencyOf (times: readonly number[]): Latency {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (percent: number): number => sorted.length === 0 ? 0 : percentile(sorted, percent)
  return { p50: at(50), p95: at(95), p99: at(99) }
}
