import { ModelLoadError, UnknownModelError, WorkerError } from '../errors.ts'
import type { WaitOptions } from '../wait-until.ts'
import { Deployment } from './deployment.ts'
import type { Loaded, ModelInfo } from './model-info.ts'
import type { Origin } from './origin.ts'
import { Version } from './version.ts'

/** What became of a model. */
export type ModelEvent =
  | { readonly type: 'loaded', readonly model: string, readonly ms: number, readonly info: ModelInfo }
  | { readonly type: 'failed', readonly model: string, readonly reason: string }
  | { readonly type: 'unloaded', readonly model: string }

/** What reads models, and what runs them. */
export interface StoreParts {
  readonly describe: (origin: Origin) => Promise<ModelInfo>
  readonly read: (origin: Origin) => Promise<Loaded>
  /** Makes a version ready in the workers. */
  readonly load: (version: Version) => Promise<void>
  readonly unload: (version: Version) => Promise<void>
  /** Maximum number of models in memory. One that loads again is there twice for a moment. */
  readonly maxLoaded: number
  readonly onEvent: (event: ModelEvent) => void
}

/** The deployed models: loaded one at a time, after there is room, and unloaded when no request uses them. */
export class ModelStore {
  readonly #parts: StoreParts
  readonly #deployments = new Map<string, Deployment>()
  readonly #inMemory = new Set<Version>()
  readonly #retiring = new Map<Version, Promise<void>>()
  #lastLoad: Promise<unknown> = Promise.resolve()
  #versions = 0

  constructor (parts: StoreParts) { this.#parts = parts }

  get deployments (): readonly Deployment[] { return [...this.#deployments.values()] }

  get loaded (): readonly Deployment[] { return this.deployments.filter(({ version }) => version !== undefined) }

  has (name: string): boolean { return this.#deployments.has(name) }

  /** @throws UnknownModelError */
  get (name: string): Deployment {
    const found = this.#deployments.get(name)
    if (found) return found
    throw UnknownModelError.named(name)
  }

  /** Unloads a model and forgets it. */
  async remove (name: string): Promise<void> {
    const deployment = this.get(name)
    this.#deployments.delete(name)
    await this.unload(deployment)
  }

  add (name: string, origin: Origin): Deployment {
    const deployment = new Deployment(name, origin)
    this.#deployments.set(name, deployment)
    return deployment
  }

  /** Looks what a model's files say of it, without loading it. */
  async describe (deployment: Deployment): Promise<void> {
    try {
      deployment.described(await this.#parts.describe(deployment.origin))
    } catch (error) {
      this.#fail(deployment, error)
    }
  }

  /**
   * A model's version for one request, which has to release it. Loads the model first where it is not loaded.
   * @throws ModelLoadError where it can't be loaded, or could not be lately; OverloadError when the deadline passes; AbortedError
   */
  async acquire (deployment: Deployment, options: WaitOptions): Promise<Version> {
    deployment.lastUsed = performance.now()
    const { version, state } = deployment
    if (version) return version.lease()
    if (state.name === 'failed' && !deployment.loading && performance.now() < state.retryAt) throw new ModelLoadError(deployment.name, state.problem)
    const leased = deployment.wait(options)
    this.#enqueue(deployment).catch(() => {}) // waiting requests get the error
    return await leased
  }

  /** Loads a model from its files as they are now. Whoever asks while it loads waits for the same. @throws ModelLoadError */
  async load (deployment: Deployment): Promise<void> {
    deployment.isForced = true
    deployment.lastUsed = performance.now()
    await this.#enqueue(deployment)
  }

  /** Frees what a model takes, when the last request is done with it. */
  async unload (deployment: Deployment): Promise<void> {
    await deployment.loading?.catch(() => {})
    await this.#unload(deployment)
  }

  /** A version that the workers can't run any more. */
  lost (version: Version, error: Error): void {
    const deployment = this.deployments.find(deployment => deployment.version === version)
    if (!deployment) return
    deployment.clear()
    if (deployment.state.name !== 'loading') this.#fail(deployment, error)
    this.#retire(version)
  }

  close (): void { for (const deployment of this.deployments) deployment.close() }

  /** One load at a time: each waits for those before it. */
  #enqueue (deployment: Deployment): Promise<void> {
    deployment.loading ??= this.#afterLoads(() => this.#loadIfWanted(deployment))
    return deployment.loading
  }

  #afterLoads (load: () => Promise<void>): Promise<void> {
    const result = this.#lastLoad.then(load)
    this.#lastLoad = result.catch(() => {})
    return result
  }

  /** Requests may have given up while it waited for other loads. */
  async #loadIfWanted (deployment: Deployment): Promise<void> {
    try {
      if (deployment.isWanted) await this.#load(deployment)
    } catch (error) {
      throw new ModelLoadError(deployment.name, this.#fail(deployment, error), { cause: error })
    } finally { // at once: whoever comes from here on needs another load
      deployment.isForced = false
      deployment.loading = undefined
    }
  }

  async #load (deployment: Deployment): Promise<void> {
    const start = performance.now()
    deployment.begin()
    await this.#makeRoom(deployment)
    const { info, parts } = await this.#parts.read(deployment.origin)
    const version = new Version(`${deployment.name}#${++this.#versions}`, info, parts)
    await this.#parts.load(version)
    this.#inMemory.add(version)
    const previous = deployment.succeed(version)
    this.#parts.onEvent({ type: 'loaded', model: deployment.name, ms: performance.now() - start, info })
    if (previous) this.#retire(previous)
  }

  /** Unloads models until there is room for one more. */
  async #makeRoom (deployment: Deployment): Promise<void> {
    for (;;) {
      const others = [...this.#inMemory].filter(version => version !== deployment.version)
      if (others.length < this.#parts.maxLoaded) return
      const [retiring] = this.#retiring.values()
      if (retiring) await retiring
      else await this.#unload(this.#leastUseful(deployment))
    }
  }

  /** Of models that no request uses, the least recently used; of all where each is in use. */
  #leastUseful (wanted: Deployment): Deployment {
    const others = this.loaded.filter(other => other !== wanted)
    const unused = others.filter(({ version }) => version?.leases === 0)
    return (unused.length > 0 ? unused : others).reduce((oldest, other) => other.lastUsed < oldest.lastUsed ? other : oldest)
  }

  async #unload (deployment: Deployment): Promise<void> {
    const version = deployment.clear()
    if (!version) return
    await this.#retire(version)
    this.#parts.onEvent({ type: 'unloaded', model: deployment.name })
  }

  /** Waits for the requests that use a version, and frees it. */
  #retire (version: Version): Promise<void> {
    const retired = version.drained().then(() => this.#parts.unload(version)).then(() => {
      this.#inMemory.delete(version)
      this.#retiring.delete(version)
    })
    this.#retiring.set(version, retired)
    return retired
  }

  #fail (deployment: Deployment, error: unknown): string {
    const { message } = error as Error
    deployment.fail(message, error instanceof WorkerError && error.ended)
    this.#parts.onEvent({ type: 'failed', model: deployment.name, reason: message })
    return message
  }
}
