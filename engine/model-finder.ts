import { fileStates, statesOfModels } from './model-files.ts'
import type { Deployment } from './models/deployment.ts'
import type { Origin, Places } from './models/origin.ts'
import type { ModelStore } from './models/store.ts'

/** Names of the models that a new look at their files concerns. */
export interface ModelChanges {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

interface FinderParts {
  readonly places: Places
  readonly list: (places: Places) => Promise<Record<string, Origin>>
  readonly store: ModelStore
  /** Maximum number of models in memory. */
  readonly maxLoaded: number
}

const UNCHANGED: ModelChanges = { added: [], changed: [], removed: [] }

/** Finds models in their places, and finds out which have changed. */
export class ModelFinder {
  readonly #parts: FinderParts
  /** The state of each model's files when it was last found. */
  readonly #states = new Map<string, string>()
  #last: Promise<unknown> = Promise.resolve()
  #next: Promise<ModelChanges> | undefined
  #isClosed = false
  /** Load new models as soon as they are found. */
  loadsNew = true

  constructor (parts: FinderParts) { this.#parts = parts }

  /** Adds the models that are not known yet. @throws WorkerError if a folder can't be read */
  async find (): Promise<void> {
    const { places, list, store } = this.#parts
    const stateOf = statesOfModels(await fileStates(places.directory))
    for (const [name, origin] of Object.entries(await list(places))) {
      if (!store.has(name)) this.#add(name, origin, stateOf)
    }
  }

  /**
   * Loads new models, reloads changed ones and unloads removed ones. One call runs at a time; those that wait for it share the next.
   * @throws WorkerError if a folder can't be read
   */
  refresh (): Promise<ModelChanges> {
    this.#next ??= this.#last.then(() => {
      this.#next = undefined
      return this.#refresh()
    })
    this.#last = this.#next.catch(() => {})
    return this.#next
  }

  close (): void { this.#isClosed = true }

  async #refresh (): Promise<ModelChanges> {
    if (this.#isClosed) return UNCHANGED
    const { places, list, store } = this.#parts
    const stateOf = statesOfModels(await fileStates(places.directory))
    const found = new Map(Object.entries(await list(places)))
    const removed = store.deployments.filter(({ name, origin }) => 'directory' in origin && !found.has(name))
    const added = [...found].filter(([name]) => !store.has(name))
      .map(([name, origin]) => this.#add(name, origin, stateOf))
    const changed = store.deployments
      .filter(({ name }) => found.has(name) && this.#states.get(name) !== stateOf(name))
    for (const { name } of removed) await store.remove(name)
    for (const deployment of changed) await this.#reread(deployment, found.get(deployment.name)!, stateOf)
    for (const deployment of added) await this.#loadIf(this.#mayLoad, deployment)
    return { added: namesOf(added), changed: namesOf(changed), removed: namesOf(removed) }
  }

  #add (name: string, origin: Origin, stateOf: (name: string) => string): Deployment {
    this.#states.set(name, stateOf(name))
    return this.#parts.store.add(name, origin)
  }

  async #reread (deployment: Deployment, origin: Origin, stateOf: (name: string) => string): Promise<void> {
    this.#states.set(deployment.name, stateOf(deployment.name))
    deployment.origin = origin
    const { version, state } = deployment
    await this.#loadIf(version !== undefined || (state.name === 'failed' && this.#mayLoad), deployment)
  }

  get #mayLoad (): boolean { return this.loadsNew && this.#parts.store.loaded.length < this.#parts.maxLoaded }

  /** Loads a model, or only reads its description. A failure is kept in its state. */
  async #loadIf (isWanted: boolean, deployment: Deployment): Promise<void> {
    const { store } = this.#parts
    await (isWanted ? store.load(deployment).catch(() => {}) : store.describe(deployment))
  }
}

const namesOf = (deployments: readonly Deployment[]): string[] => deployments.map(({ name }) => name)
