import { ModelLoadError, UnknownModelError, WorkerError } from '../errors.ts'
import type { Running } from '../results.ts'
import type { WaitOptions } from '../wait-until.ts'
import { Deployment } from './deployment.ts'
import type { Loaded, ModelInfo } from './model-info.ts'
import type { Origin } from './origin.ts'
import { Version } from './version.ts'

/** A change of a model's state. */
export type ModelEvent =
  | { readonly type: 'loaded', readonly model: string, readonly ms: number, readonly info: ModelInfo, readonly running?: Running | undefined }
  | { readonly type: 'failed', readonly model: string, readonly reason: string }
  | { readonly type: 'unloaded', readonly model: string }

/** The processes that read and run models. */
export interface StoreParts {
  readonly describe: (origin: Origin) => Promise<ModelInfo>
  readonly read: (origin: Origin) => Promise<Loaded>
  /** Makes a version ready in the workers. */
  readonly load: (version: Version) => Promise<void>
  readonly unload: (version: Version) => Promise<void>
  /** Maximum number of models in memory. A model that is loaded again is there twice for a moment. */
  readonly maxLoaded: number
  readonly onEvent: (event: ModelEvent) => void
}

/** The deployed models. They are loaded one at a time, when there is room, and unloaded when no request uses them. */
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

  /** Describes a model from its files, without loading it. */
  async describe (deployment: Deployment): Promise<void> {
    try {
      deployment.described(await this.#parts.describe(deployment.origin))
    } catch (error) {
      this.#fail(deployment, error)
    }
  }

  /**
   * Leases a model's version for one request, which must release it. Loads the model first if necessary.
   * @throws ModelLoadError if it can't be loaded, or failed to load recently; OverloadError when the deadline passes; AbortedError
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

  /** Loads a model from its current files. Concurrent calls share one load. @throws ModelLoadError */
  async load (deployment: Deployment): Promise<void> {
    deployment.isForced = true
    deployment.lastUsed = performance.now()
    await this.#enqueue(deployment)
  }

  /** Frees a model's memory after its last request. */
  async unload (deployment: Deployment): Promise<void> {
    await deployment.loading?.catch(() => {})
    await this.#unload(deployment)
  }

  /** Called when workers can no longer run a version. */
  lost (version: Version, error: Error): void {
    const deployment = this.deployments.find(deployment => deployment.version === version)
    if (!deployment) return
    deployment.clear()
    if (deployment.state.name !== 'loading') this.#fail(deployment, error)
    this.#retire(version)
  }

  close (): void { for (const deployment of this.deployments) deployment.close() }

  /** Loads run one at a time, in order. */
  #enqueue (deployment: Deployment): Promise<void> {
    deployment.loading ??= this.#afterLoads(() => this.#loadIfWanted(deployment))
    return deployment.loading
  }

  #afterLoads (load: () => Promise<void>): Promise<void> {
    const result = this.#lastLoad.then(load)
    this.#lastLoad = result.catch(() => {})
    return result
  }

  /** Skips the load if all requests gave up while it was queued. */
  async #loadIfWanted (deployment: Deployment): Promise<void> {
    try {
      if (deployment.isWanted) await this.#load(deployment)
    } catch (error) {
      throw new ModelLoadError(deployment.name, this.#fail(deployment, error), { cause: error })
    } finally { // at once: later calls need another load
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
    this.#parts.onEvent({ type: 'loaded', model: deployment.name, ms: performance.now() - start, info, running: version.running })
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

  /** The least recently used model that no request uses; if all are in use, the least recently used of all. */
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

  /** Frees a version when its last request is done. */
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
