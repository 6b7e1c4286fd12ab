import type { Chunks, Running } from '../results.ts'
import type { TaskName } from '../tasks/catalog.ts'
import type { LoadedInfo } from './model-info.ts'

/** A model as it was read at one time: what workers need, and how many requests use it. Its files may have changed since. */
export class Version {
  /** Its name in the workers. */
  readonly id: string
  readonly info: LoadedInfo
  /** How the worker that loaded it last runs it. */
  running: Running | undefined
  readonly #parts: ReadonlyMap<TaskName, Chunks>
  #leases = 0
  #onFree: (() => void) | undefined

  /** @param parts the model as prepared for each task, serialized */
  constructor (id: string, info: LoadedInfo, parts: ReadonlyMap<TaskName, Chunks>) {
    this.id = id
    this.info = info
    this.#parts = parts
  }

  get leases (): number { return this.#leases }

  /** The model as prepared for a task. */
  part (task: TaskName): Chunks { return this.#parts.get(task) ?? [] }

  /** Keeps it in the workers until `release`. */
  lease (): this {
    this.#leases++
    return this
  }

  release (): void {
    if (--this.#leases === 0) this.#onFree?.()
  }

  /** Resolves when no request uses it. After this call, no request may lease it. */
  async drained (): Promise<void> {
    if (this.#leases > 0) await new Promise<void>(resolve => { this.#onFree = resolve })
  }
}
