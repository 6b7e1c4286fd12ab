import type { Chunks } from '../results.ts'
import type { TaskName } from '../tasks/catalog.ts'
import type { Loaded, LoadedInfo } from './model-info.ts'

/** Tasks that share what they need of a model, and its number of chunks. */
export interface Part { readonly tasks: readonly TaskName[], readonly chunks: number }

/** A model, read and prepared for its tasks, as it crosses to the main process: `body` has the chunks of all parts, in order. */
export interface ReadModel { readonly info: LoadedInfo, readonly parts: readonly Part[], readonly body: Chunks }

/** Gives each task its chunks. */
export function toLoaded ({ info, parts, body }: ReadModel): Loaded {
  const rest = [...body]
  return {
    info,
    parts: new Map(parts.flatMap(({ tasks, chunks }) => {
      const part = rest.splice(0, chunks)
      return tasks.map(task => [task, part])
    }))
  }
}
