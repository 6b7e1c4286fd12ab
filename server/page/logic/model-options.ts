/** The models as a picker lists them. */
import type { Model } from '../../../client/types.ts'

export interface ModelOption {
  readonly name: string
  readonly text: string
  /** Why it can't be chosen. */
  readonly reason: string | undefined
}

/** Characters of a problem in a list. */
const MAX_PROBLEM = 100

/** Detectors can be chosen, others have a reason. Models that have not been read yet may be detectors. */
export function modelOptions (models: readonly Model[]): ModelOption[] {
  return models.map(model => {
    const { name, precision } = model
    const reason = reasonAgainst(model)
    return { name, text: `${name} (${[precision, ...notesOn(model, reason)].join(', ')})`, reason }
  })
}

function notesOn ({ state }: Model, reason: string | undefined): string[] {
  if (reason !== undefined) return [reason.length > MAX_PROBLEM ? `${reason.slice(0, MAX_PROBLEM)}…` : reason]
  if (state === 'ready') return []
  return [state === 'unloaded' ? 'loads when used' : state]
}

function reasonAgainst ({ state, task, tasks, problem = 'unknown problem' }: Model): string | undefined {
  if (state === 'failed') return `can't be loaded: ${problem}`
  if (task === 'classify') return 'a classifier: it finds no boxes'
  return tasks && !tasks.includes('detect') ? 'not a detector' : undefined
}
