import { fileStates, stateOfModel, type FileStates } from './model-files.ts'
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
  #isClosed = false
  /** Load new models as soon as they are found. */
  loadsNew = true

  constructor (parts: FinderParts) { this.#parts = parts }

  /** Adds the models that are not known yet. @throws WorkerError if a folder can't be read */
  async find (): Promise<void> {
    const { places, list, store } = this.#parts
    const files = await fileStates(places.directory)
    for (const [name, origin] of Object.entries(await list(places))) {
      if (!store.has(name)) this.#add(name, origin, files)
    }
  }

  /**
   * Loads new models, reloads changed ones and unloads removed ones. Calls wait for each other.
   * @throws WorkerError if a folder can't be read
   */
  refresh (): Promise<ModelChanges> {
    const result = this.#last.then(() => this.#refresh())
    this.#last = result.catch(() => {})
    return result
  }

  close (): void { this.#isClosed = true }

  async #refresh (): Promise<ModelChanges> {
    if (this.#isClosed) return UNCHANGED
    const { places, list, store } = this.#parts
    const files = await fileStates(places.directory)
    const found = new Map(Object.entries(await list(places)))
    const removed = store.deployments.filter(({ name, origin }) => 'directory' in origin && !found.has(name))
    const added = [...found].filter(([name]) => !store.has(name))
      .map(([name, origin]) => this.#add(name, origin, files))
    const changed = store.deployments
      .filter(({ name }) => found.has(name) && this.#states.get(name) !== stateOfModel(files, name))
    for (const { name } of removed) await store.remove(name)
    for (const deployment of changed) await this.#reread(deployment, found.get(deployment.name)!, files)
    for (const deployment of added) await this.#loadIf(this.#mayLoad, deployment)
    return { added: namesOf(added), changed: namesOf(changed), removed: namesOf(removed) }
  }

  #add (name: string, origin: Origin, files: FileStates): Deployment {
    this.#states.set(name, stateOfModel(files, name))
    return this.#parts.store.add(name, origin)
  }

  async #reread (deployment: Deployment, origin: Origin, files: FileStates): Promise<void> {
    this.#states.set(deployment.name, stateOfModel(files, deployment.name))
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
