import { runningMean, runningVariance, type Layout } from './layout.ts'
import type { BatchNormOutput } from './step-graph.ts'

/** Weight of a batch's statistics in the running ones: PyTorch's default. */
const MOMENTUM = 0.1

/**
 * Moves the running statistics of batch norms towards those of a batch. The running variance is unbiased, as in PyTorch.
 * @param values the network's, in the run's layout, which change
 * @param batch those of a batch; its variances are biased
 */
export function updateStatistics (values: Float32Array, batch: Float32Array, norms: readonly BatchNormOutput[], layout: Layout): void {
  const blend = (name: string, factor: number): void => {
    const running = layout.view(values, name)
    layout.view(batch, name).forEach((value, i) => { running[i] = (1 - MOMENTUM) * running[i]! + MOMENTUM * factor * value })
  }
  for (const { path, count } of norms) {
    blend(runningMean(path), 1)
    blend(runningVariance(path), count > 1 ? count / (count - 1) : 1)
  }
}
