/** Runs models on images, in worker processes, for the server and the commands. */
import type { Artifact } from '../models/artifact.ts'
import type { IgnoredFile } from '../models/files/model-files.ts'
import type { ModelSummary } from '../models/summary.ts'
import { findCompiled } from './cache/compiled-models.ts'
import { ClosedError, UnknownModelError, WorkerError, WrongTaskError } from './errors.ts'
import { Lease } from './lease.ts'
import { ModelFinder, type ModelChanges } from './model-finder.ts'
import type { Deployment } from './models/deployment.ts'
import type { Loaded } from './models/model-info.ts'
import type { Origin, Places } from './models/origin.ts'
import { ModelStore, type ModelEvent } from './models/store.ts'
import type { Version } from './models/version.ts'
import { LoaderProcess } from './processes/loader-process.ts'
import { WorkerPool, type PoolOptions } from './processes/pool.ts'
import type { WorkerEnd } from './processes/supervisor.ts'
import { CPU } from './providers.ts'
import type { QueueLimits } from './scheduler/queue.ts'
import type { WaitOptions } from './wait-until.ts'
import { CATALOG, type PoolName, type TaskName } from './tasks/catalog.ts'

export interface EngineOptions extends Omit<PoolOptions, 'lazy' | 'onLost' | 'onEnd'> {
  /** Individual models. */
  readonly artifacts?: readonly Artifact[]
  /** Where to look for more; they replace others of the same name. */
  readonly places?: Places
  /** The model for requests that name none: the first by default. */
  readonly defaultModel?: string | undefined
  /** Maximum number of models in memory; the least recently used is unloaded first. */
  readonly maxLoaded?: number
  readonly onModel?: (event: ModelEvent) => void
  readonly onWorkerEnd?: (end: WorkerEnd) => void
  /** Workers that look inside models, which start on demand: 1 by default. */
  readonly inspectors?: number
  /** Folder with compiled models, by default of the build. */
  readonly compiled?: string
  /** Called with the reason if a compiled model can't be used: it is compiled again. */
  readonly onUnusable?: (reason: string) => void
}

/** These run on the CPU and start on demand. */
const INSPECTION = { providers: undefined, maxBatch: undefined, lazy: true }
/** The jobs of people who look at one photo take long. */
const patient = (limits?: QueueLimits): QueueLimits | undefined => limits && { ...limits, maxWait: Infinity }

/** How often a model is loaded at the start if processes end over it. */
const START_TRIES = 3

/** Deployed models, and the processes that read and run them. The process that has an engine runs no native code. */
export class Engine {
  readonly pools: Readonly<Record<PoolName, WorkerPool>>
  readonly #options: EngineOptions
  readonly #loader: LoaderProcess
  readonly #store: ModelStore
  readonly #finder: ModelFinder | undefined
  #discovered: Promise<void> | undefined
  readonly #summaries = new WeakMap<object, Promise<ModelSummary | undefined>>()
  #workerEnds = 0
  #isReady = false
  #isClosed = false

  /** Starts the workers; `start` loads models. */
  constructor (options: EngineOptions) {
    this.#options = options
    this.#loader = new LoaderProcess(options)
    const onEnd = (end: WorkerEnd): void => {
      this.#workerEnds++
      options.onWorkerEnd?.(end)
    }
    const onLost = (version: Version, error: Error): void => this.#store.lost(version, error)
    this.pools = {
      main: new WorkerPool({ ...options, onEnd, onLost }),
      inspection: new WorkerPool({ ...options, ...INSPECTION, workers: options.inspectors ?? 1, queue: patient(options.queue), onEnd })
    }
    this.#store = new ModelStore({
      describe: origin => this.#loader.describe(origin),
      read: async origin => await this.#findCompiled(origin) ?? await this.#loader.read(origin),
      load: version => this.#load(version),
      unload: async version => { await Promise.all([this.pools.main.unload(version), this.pools.inspection.unload(version)]) },
      maxLoaded: options.maxLoaded ?? Infinity,
      onEvent: event => { if (!this.#isClosed) options.onModel?.(event) } // closing ends loads: they have not failed
    })
    const { places, maxLoaded = Infinity } = options
    if (places) this.#finder = new ModelFinder({ places, maxLoaded, list: places => this.#loader.list(places), store: this.#store })
    for (const artifact of options.artifacts ?? []) this.#store.add(artifact.name, { artifact })
  }

  /** Number of workers that ended unexpectedly and were replaced. */
  get workerEnds (): number { return this.#workerEnds }

  /** The models to load at the start are loaded, or have failed. */
  get isReady (): boolean { return this.#isReady }

  get models (): readonly Deployment[] { return this.#store.deployments }

  /** The name of the model for requests that name none. */
  get defaultName (): string { return this.#options.defaultModel ?? this.models[0]?.name ?? 'by default' }

  /** Files of the folder of models that belong to no model. */
  get ignoredFiles (): readonly IgnoredFile[] { return this.#loader.ignored }

  /** @throws UnknownModelError */
  get (name: string): Deployment { return this.#store.get(name) }

  /** Whether a worker can take jobs. */
  get canWork (): boolean { return this.pools.main.workers.length > 0 }

  has (name: string): boolean { return this.#store.has(name) }

  /** Finds the models, without loading any. @throws WorkerError if a folder can't be read */
  async discover (): Promise<void> {
    this.#discovered = this.#finder?.find()
    await this.#discovered
  }

  /** The execution providers that this installation of onnxruntime has. @throws WorkerError */
  async providers (): Promise<string[]> { return await this.#loader.providers() }

  /**
   * Finds the models, unless `discover` has, and loads the named ones, one after the other; by default all, up to `maxLoaded`.
   * A model that fails does not stop the others.
   * @throws UnknownModelError; WorkerError if a folder can't be read; ModelLoadError if no model can be loaded
   */
  async start (names?: readonly string[]): Promise<void> {
    await (this.#discovered ?? this.discover())
    if (this.#finder) this.#finder.loadsNew = names === undefined
    const wanted = new Set([this.defaultName, ...names ?? this.models.map(({ name }) => name)].map(name => this.get(name)))
    const failures: unknown[] = []
    for (const deployment of new Set([...wanted, ...this.models])) {
      const isLoaded = wanted.has(deployment) && this.#store.loaded.length < (this.#options.maxLoaded ?? Infinity)
      await (isLoaded ? this.#loadAtStart(deployment).catch(error => failures.push(error)) : this.#store.describe(deployment))
    }
    if (failures.length > 0 && this.#store.loaded.length === 0) throw failures[0]
    this.#loader.rest()
    this.#isReady = true
  }

  /**
   * Leases a model for a task, loading it first if necessary. The lease must be released.
   * @param name by default the default model, or the first that supports the task
   * @throws UnknownModelError, WrongTaskError, ModelLoadError, OverloadError when the deadline passes, AbortedError, ClosedError
   */
  async acquire<N extends TaskName> (name: string | undefined, task: N, options: WaitOptions = {}): Promise<Lease<N>> {
    if (this.#isClosed) throw new ClosedError()
    const deployment = this.find(name, task)
    const version = await this.#store.acquire(deployment, options)
    const lease = new Lease(version, task, this.pools[CATALOG[task].pool])
    if (version.info.tasks.includes(task)) return lease
    lease.release()
    throw new WrongTaskError(deployment.name, task, version.info.tasks)
  }

  /** The model for a request. @throws UnknownModelError; WrongTaskError if its tasks are known */
  find (name: string | undefined, task: TaskName): Deployment {
    if (name === undefined) return this.#defaultFor(task)
    const deployment = this.#store.get(name)
    const { info } = deployment
    if (info && !info.tasks.includes(task)) throw new WrongTaskError(name, task, info.tasks)
    return deployment
  }

  /** Checks before an image has arrived whether a task would be accepted. @param maxWait milliseconds @throws OverloadError if not */
  admit (task: TaskName, bytes: number, maxWait: number): void { this.pools[CATALOG[task].pool].admit(bytes, maxWait) }

  /** Loads a model from its current files; it may be new. @throws UnknownModelError, ModelLoadError */
  async load (name: string): Promise<Deployment> {
    if (!this.#store.has(name)) await this.discover()
    const deployment = this.#store.get(name)
    await this.#store.load(deployment)
    return deployment
  }

  /**
   * Looks for models anew: loads new ones, reloads changed ones and unloads removed ones. If a changed model can't be loaded, its previous
   * version stays in use. @returns undefined without places
   * @throws WorkerError if a folder can't be read
   */
  async refresh (): Promise<ModelChanges | undefined> { return await this.#finder?.refresh() }

  /** Unloads a model when its requests are done; the next request loads it again. @throws UnknownModelError */
  async unload (name: string): Promise<Deployment> {
    const deployment = this.#store.get(name)
    await this.#store.unload(deployment)
    return deployment
  }

  /**
   * The cost of a model's layers; undefined for a graph that is not built from our layers.
   * @throws UnknownModelError; WorkerError naming the problem of its files
   */
  async summarize (name: string): Promise<ModelSummary | undefined> {
    const { info, origin } = this.#store.get(name)
    if (!info) return await this.#loader.summarize(origin)
    const summary = this.#summaries.get(info) ?? this.#loader.summarize(origin)
    this.#summaries.set(info, summary)
    summary.catch(() => this.#summaries.delete(info))
    return await summary
  }

  /** Drops waiting jobs, and ends all processes. */
  async close (): Promise<void> {
    this.#isClosed = true
    this.#finder?.close()
    this.#store.close()
    await Promise.all([this.#loader.close(), this.pools.main.close(), this.pools.inspection.close()])
  }

  /** Tries again if a process ended: the files are not at fault. */
  async #loadAtStart (deployment: Deployment, tries = START_TRIES): Promise<void> {
    await this.#store.load(deployment).catch(async (error: Error) => {
      const isOurs = error.cause instanceof WorkerError && error.cause.ended && !this.#isClosed
      if (!isOurs || tries === 1) throw error
      await this.#loadAtStart(deployment, tries - 1)
    })
  }

  /** The build compiles models for the CPU, one photo in a run. */
  async #findCompiled (origin: Origin): Promise<Loaded | undefined> {
    const { providers = [CPU], maxBatch = 1, onUnusable, compiled } = this.#options
    const isUsual = maxBatch === 1 && providers.every(provider => provider === CPU)
    return isUsual ? await findCompiled(origin, onUnusable, compiled) : undefined
  }

  /** Makes a version ready for the tasks of the main pool; others are built when first requested. */
  async #load (version: Version): Promise<void> {
    for (const task of version.info.tasks) if (CATALOG[task].pool === 'main') await this.pools.main.load(version, task)
  }

  #defaultFor (task: TaskName): Deployment {
    const supports = ({ info }: Deployment): boolean => info?.tasks.includes(task) ?? false
    const preferred = this.#store.has(this.defaultName) ? this.#store.get(this.defaultName) : undefined
    const found = preferred && (!preferred.info || supports(preferred)) ? preferred : this.models.find(supports)
    if (found) return found
    throw new UnknownModelError(`No model supports ${task}; GET /models lists the available models`)
  }
}
