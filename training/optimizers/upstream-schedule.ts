/** Learning rates as upstream's trainer computes them. Upstream: nanodet/trainer/task.py, and torch.optim.lr_scheduler. */
import type { UpstreamSchedule } from '../settings.ts'

export interface UpstreamOptions {
  /** The rate after the warm-up. */
  readonly rate: number
  readonly warmupSteps: number
  readonly stepsPerEpoch: number
  readonly schedule: UpstreamSchedule
}

/**
 * The rate of a step. When an epoch starts, the schedule changes the rate of that moment by a factor, even during the warm-up,
 * which then sets it again: so a warm-up that outlasts the first epoch delays the cosine.
 * @param step from 0
 */
export function upstreamRate (step: number, options: UpstreamOptions): number {
  const { rate, warmupSteps, stepsPerEpoch, schedule } = options
  let current = rate
  for (let epoch = 0; epoch * stepsPerEpoch <= step; epoch++) {
    if (epoch > 0) current = nextRate(current, epoch, schedule)
    const [first, last] = [epoch * stepsPerEpoch, Math.min(step, (epoch + 1) * stepsPerEpoch - 1)]
    if (first <= warmupSteps) current = warmRate(Math.min(last, warmupSteps), options)
  }
  return current
}

function warmRate (step: number, { rate, warmupSteps, schedule: { warmupRatio } }: UpstreamOptions): number {
  if (warmupSteps === 0) return rate
  return rate * (1 - (1 - step / warmupSteps) * (1 - warmupRatio))
}

function nextRate (current: number, epoch: number, schedule: UpstreamSchedule): number {
  if (schedule.name === 'MultiStepLR') return schedule.milestones.includes(epoch) ? current * schedule.gamma : current
  const { epochs, minRate } = schedule
  const height = (at: number): number => 1 + Math.cos(Math.PI * at / epochs)
  return minRate + (current - minRate) * height(epoch) / height(epoch - 1)
}
