/** The models as a picker lists them. */
import type { Model } from '../../../client/types.ts'

export interface ModelOption {
  readonly name: string
  readonly text: string
  /** Why it can't be chosen. */
  readonly reason: string | undefined
}

/** Detectors can be chosen, others have a reason. Models that have not been read yet may be detectors. */
export function modelOptions (models: readonly Model[]): ModelOption[] {
  return models.map(model => {
    const { name, state, precision, problem } = model
    const reason = reasonAgainst(model)
    const notes = [precision, ...state === 'ready' ? [] : [state === 'unloaded' ? 'loads when used' : state], ...reason === undefined ? [] : [reason]]
    return { name, text: `${name} (${notes.join(', ')})`, reason: reason === undefined ? undefined : problem ?? reason }
  })
}

function reasonAgainst ({ state, task, tasks }: Model): string | undefined {
  if (task === 'classify') return 'a classifier: it finds no boxes'
  if (state !== 'failed') return tasks && !tasks.includes('detect') ? 'not a detector' : undefined
  return "can't be loaded"
}
