import type { TrainingSettings } from '../settings.ts'
import { upstreamRate } from './upstream-schedule.ts'

type Settings = Pick<TrainingSettings, 'epochs' | 'learningRate' | 'warmupSteps' | 'finalRate' | 'schedule'>

/**
 * The learning rate of a step: half a cosine from `learningRate` to its share `finalRate`, times a linear rise in the warm-up; or by one
 * of upstream's schedules.
 * @param step from 0
 * @param steps of all epochs
 */
export function rateAt (step: number, steps: number, settings: Settings): number {
  const { epochs, learningRate, warmupSteps, finalRate, schedule } = settings
  if (schedule) return upstreamRate(step, { rate: learningRate, warmupSteps, stepsPerEpoch: steps / epochs, schedule })
  const warm = Math.min(1, (step + 1) / (warmupSteps + 1))
  return warm * learningRate * (finalRate + (1 - finalRate) * (1 + Math.cos(Math.PI * step / steps)) / 2)
}
