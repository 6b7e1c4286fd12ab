import type { Artifact } from '../../models/artifact.ts'
import { ModelLoadError } from '../errors.ts'
import { loadModel, type LoadedModel } from './load-model.ts'
import type { Pools } from './loaded.ts'

/** What became of a model. */
export type ModelEvent =
  | { readonly type: 'loaded', readonly model: string, readonly ms: number }
  | { readonly type: 'failed', readonly model: string, readonly reason: string }
  | { readonly type: 'unloaded', readonly model: string }

export const MODEL_STATES = ['ready', 'loading', 'unloaded', 'failed'] as const
export type ModelState = typeof MODEL_STATES[number]

/** Finds a model's source anew: its files may have changed. @throws Error saying why there is none */
export type FindSource = () => Promise<Artifact>

/** One model that can be asked for: loaded, loaded again, and unloaded, without a request that notices. */
export class ServedModel {
  readonly name: string
  readonly #find: FindSource
  readonly #pools: Pools
  readonly #onEvent: (event: ModelEvent) => void
  #source: Artifact | undefined
  #loaded: LoadedModel | undefined
  #loading: Promise<void> | undefined
  #unloading: Promise<void> | undefined
  #problem: string | undefined
  #version = 0
  #lastUsed = 0

  /** @param source what is known of it so far */
  constructor (name: string, find: FindSource, pools: Pools, onEvent: (event: ModelEvent) => void, source?: Artifact) {
    this.name = name
    this.#source = source
    this.#find = find
    this.#pools = pools
    this.#onEvent = onEvent
  }

  get state (): ModelState {
    if (this.#loaded) return 'ready'
    if (this.#loading) return 'loading'
    return this.#problem === undefined ? 'unloaded' : 'failed'
  }

  /** Where it comes from, and its config: of what is loaded, else of what would be. */
  get source (): Artifact | undefined { return this.#loaded?.source ?? this.#source }

  /** When it was last asked for, by performance.now(). */
  get lastUsed (): number { return this.#lastUsed }

  /** Why the latest load failed. What was loaded before serves on. */
  get problem (): string | undefined { return this.#problem }

  /** Looks what its files say of it, without loading it. */
  async look (): Promise<void> {
    try {
      this.#source = await this.#find()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Loads the model from its files as they are now. Who asks while it loads waits for the same. @throws ModelLoadError */
  async load (): Promise<void> {
    this.#loading ??= this.#load().finally(() => { this.#loading = undefined })
    return await this.#loading
  }

  /** Lets go of the workers' memory when the last request is done. It is loaded again when it is asked for. */
  async unload (): Promise<void> {
    await this.#loading?.catch(() => {})
    const loaded = this.#loaded
    this.#loaded = undefined
    if (loaded) this.#unloading = loaded.retire().then(() => this.#onEvent({ type: 'unloaded', model: this.name }))
    await this.#unloading
  }

  /**
   * Uses the model, loaded first where it is not. What a user holds stays until it is done, though a new version may have taken its place.
   * @throws ModelLoadError where it can't be loaded, or could not be when that was last tried
   */
  async use<T> (task: (model: LoadedModel) => Promise<T>): Promise<T> {
    this.#lastUsed = performance.now()
    while (!this.#loaded) {
      if (this.#problem !== undefined && !this.#loading) throw new ModelLoadError(this.name, this.#problem)
      await this.load()
    }
    return await this.#loaded.hold(task)
  }

  async #load (): Promise<void> {
    const start = performance.now()
    try {
      const source = await this.#find()
      const model = await this.#pools.detect.read(source)
      const old = this.#loaded
      this.#loaded = await loadModel(`${this.name}#${++this.#version}`, source, model, this.#pools)
      this.#source = source
      this.#problem = undefined
      this.#onEvent({ type: 'loaded', model: this.name, ms: performance.now() - start })
      old?.retire().catch(() => {}) // workers that end have nothing to unload
    } catch (error) {
      throw new ModelLoadError(this.name, this.#fail(error), { cause: error })
    }
  }

  #fail (error: unknown): string {
    this.#problem = (error as Error).message
    this.#onEvent({ type: 'failed', model: this.name, reason: this.#problem })
    return this.#problem
  }
}
