import type { Floats, Optimizer } from '../../training/optimizers/floats.ts'
import { fixture } from './files.ts'
import { maxDifference } from './run.ts'

/** An optimizer's steps by PyTorch, in float64. */
export interface OptimizerCase {
  name: 'AdamW' | 'SGD'
  options: { lr: number, weight_decay?: number, momentum?: number, betas?: [number, number], eps?: number }
  clip?: number
  norms?: number[]
  steps: number[][]
}

const { parameters, gradients, cases }: { parameters: number[], gradients: number[][], cases: OptimizerCase[] } =
  fixture('training-optimizers.json').optimizers

export const optimizerCases = (name: OptimizerCase['name']): OptimizerCase[] => cases.filter(example => example.name === name)

/** Runs a case. @returns the largest difference of the parameters after any step */
export function largestDifference<A extends Floats> (
  { options, steps }: OptimizerCase, optimizer: Optimizer<A>, arrayOf: (values: readonly number[]) => A, clip: (gradient: A) => void
): number {
  const current = arrayOf(parameters)
  return Math.max(...steps.map((expected, i) => {
    const gradient = arrayOf(gradients[i]!)
    clip(gradient)
    optimizer.step(current, gradient, options.lr, i + 1)
    return maxDifference(current, expected)
  }))
}
