import type { Chunks } from '../results.ts'
import type { TaskName } from '../tasks/catalog.ts'
import type { LoadedInfo } from './model-info.ts'

/** A model as it was read once: what workers need of it, and how many requests use it. Its files may have changed since. */
export class Version {
  /** What workers know it by. */
  readonly id: string
  readonly info: LoadedInfo
  readonly #parts: ReadonlyMap<TaskName, Chunks>
  #leases = 0
  #onFree: (() => void) | undefined

  /** @param parts what each task prepared, serialized */
  constructor (id: string, info: LoadedInfo, parts: ReadonlyMap<TaskName, Chunks>) {
    this.id = id
    this.info = info
    this.#parts = parts
  }

  get leases (): number { return this.#leases }

  /** What a worker builds a task's part from. */
  part (task: TaskName): Chunks { return this.#parts.get(task) ?? [] }

  /** Keeps it in the workers until it is released. */
  lease (): this {
    this.#leases++
    return this
  }

  release (): void {
    if (--this.#leases === 0) this.#onFree?.()
  }

  /** Resolves when no request uses it. From the call on, none may begin to. */
  async drained (): Promise<void> {
    if (this.#leases > 0) await new Promise<void>(resolve => { this.#onFree = resolve })
  }
}
