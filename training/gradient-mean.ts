import type { StepOutcome } from './processes/trainer.ts'

/** The mean of arrays, added up in their order, so that it does not depend on who computed them. The first array takes it. */
export function meanOf ([first, ...more]: readonly Float32Array[]): Float32Array {
  const mean = first!
  for (const values of more) for (let i = 0; i < mean.length; i++) mean[i]! += values[i]!
  if (more.length > 0) for (let i = 0; i < mean.length; i++) mean[i]! /= more.length + 1
  return mean
}

/** The mean of each loss over the micro-batches of a step. */
export function meanLosses (outcomes: ReadonlyArray<Pick<StepOutcome, 'losses'>>): Record<string, number> {
  const names = Object.keys(outcomes[0]!.losses)
  const mean = (name: string): number => outcomes.reduce((sum, { losses }) => sum + losses[name]!, 0) / outcomes.length
  return Object.fromEntries(names.map(name => [name, mean(name)]))
}
