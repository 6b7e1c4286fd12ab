import { UsageError } from './errors.ts'
import type { Target } from './target.ts'

/** The model options, with a positional MODEL as a short form of --model. @throws UsageError if both are given */
export function modelArgument<T extends Target> (model: string | undefined, target: T): T {
  if (model === undefined) return target
  if (target.model !== undefined) throw new UsageError(`Model given twice: ${model} and --model ${target.model}`)
  return { ...target, model }
}
