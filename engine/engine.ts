import type { ArtifactFinder, Artifact } from '../models/artifact.ts'
import { Classifier } from './classifier.ts'
import { Detector } from './detector.ts'
import { UnknownModelError, WrongTaskError } from './errors.ts'
import type { LoadedModel } from './models/load-model.ts'
import type { Pools } from './models/loaded.ts'
import { WorkerPool, type PoolOptions } from './processes/pool.ts'
import { ServedModel, type FindSource, type ModelEvent } from './models/deployment.ts'

export interface StoreOptions extends PoolOptions {
  /** Where more models are found, and found again when they change. */
  readonly directory?: ArtifactFinder | undefined
  /** The model that is meant where none is named: the first one by default. */
  readonly defaultModel?: string | undefined
  /** Models that are loaded at the most: when one more is asked for, the one goes that was not for longest. */
  readonly maxLoaded?: number
  /** Told of every model that was loaded, could not be, or was unloaded. */
  readonly onModel?: (event: ModelEvent) => void
}

/** The models that can be asked for, over workers that they share. */
export class DetectorStore {
  readonly pools: Pools
  readonly #options: StoreOptions
  readonly #models = new Map<string, ServedModel>()
  #crashes = 0
  #ready = false

  /** @param options of the workers that detect; those that look into networks are one, and start when they are first needed */
  constructor (sources: readonly Artifact[], options: StoreOptions) {
    this.#options = options
    const onCrash = (message: string): void => {
      this.#crashes++
      options.onCrash?.(message)
    }
    this.pools = {
      detect: new WorkerPool({ ...options, onCrash }),
      inspect: new WorkerPool({ ...options, onCrash, workers: 1, lazy: true })
    }
    for (const source of sources) this.#add(source.name, async () => source, source)
  }

  /** Workers that ended and were replaced. */
  get crashes (): number { return this.#crashes }

  /** The models that were to be loaded from the start are, or have failed. */
  get ready (): boolean { return this.#ready }

  get models (): readonly ServedModel[] { return [...this.#models.values()] }

  /** The name of the model that is meant where none is named; there may be none of that name, before the directory has been looked into. */
  get defaultName (): string { return this.#options.defaultModel ?? this.models[0]?.name ?? 'at all' }

  /** The model that is meant where none is named. @throws UnknownModelError */
  get default (): ServedModel { return this.get(this.defaultName) }

  /** @throws UnknownModelError */
  get (name: string): ServedModel {
    const model = this.#models.get(name)
    if (model) return model
    throw new UnknownModelError(name)
  }

  /**
   * Finds the models of the directory, and loads those that are named, one after the other; all, as many as may be, where none are.
   * One that fails does not stop the others.
   * @throws UnknownModelError, and ModelLoadError where none can be loaded
   */
  async start (names?: readonly string[]): Promise<void> {
    for (const name of await this.#options.directory?.names() ?? []) this.#discover(name)
    const wanted = new Set([this.default, ...(names ?? this.models.map(({ name }) => name)).map(name => this.get(name))])
    const failures: unknown[] = []
    for (const model of new Set([...wanted, ...this.models])) {
      const isLoaded = wanted.has(model) && this.#loaded.length < (this.#options.maxLoaded ?? Infinity)
      await (isLoaded ? model.load().catch(error => failures.push(error)) : model.look())
    }
    if (failures.length > 0 && this.#loaded.length === 0) throw failures[0]
    this.#ready = true
  }

  get #loaded (): ServedModel[] { return this.models.filter(({ state }) => state === 'ready') }

  /** Uses a model, which is loaded first where it is not. @throws UnknownModelError, ModelLoadError */
  async use<T> (name: string, task: (model: LoadedModel) => Promise<T>): Promise<T> {
    return await this.get(name).use(task)
  }

  /** Uses a model that detects. @throws WrongTaskError, and what `use` does */
  async useDetector<T> (name: string, task: (detector: Detector) => Promise<T>): Promise<T> {
    return await this.use(name, async model => {
      if (model instanceof Detector) return await task(model)
      throw new WrongTaskError(name, 'detect')
    })
  }

  /** Uses a model that classifies. @throws WrongTaskError, and what `use` does */
  async useClassifier<T> (name: string, task: (classifier: Classifier) => Promise<T>): Promise<T> {
    return await this.use(name, async model => {
      if (model instanceof Classifier) return await task(model)
      throw new WrongTaskError(name, 'classify')
    })
  }

  /** Loads a model from its files as they are now; they may be new. @throws UnknownModelError, ModelLoadError */
  async load (name: string): Promise<ServedModel> {
    const isNew = !this.#models.has(name) && (await this.#options.directory?.names())?.includes(name)
    const model = isNew ? this.#discover(name) : this.get(name)
    await model.load()
    return model
  }

  /** @throws UnknownModelError */
  async unload (name: string): Promise<ServedModel> {
    const model = this.get(name)
    await model.unload()
    return model
  }

  async close (): Promise<void> { await Promise.all([this.pools.detect.close(), this.pools.inspect.close()]) }

  #discover (name: string): ServedModel {
    return this.#add(name, () => this.#options.directory!.find(name))
  }

  #add (name: string, find: FindSource, source?: Artifact): ServedModel {
    const onEvent = (event: ModelEvent): void => {
      this.#options.onModel?.(event)
      if (event.type === 'loaded') this.#makeRoom(model)
    }
    const model = new ServedModel(name, find, this.pools, onEvent, source)
    this.#models.set(name, model)
    return model
  }

  /** Unloads what was not asked for the longest, until no more are loaded than may be. */
  #makeRoom (newest: ServedModel): void {
    const others = this.#loaded.filter(model => model !== newest).sort((a, b) => a.lastUsed - b.lastUsed)
    const tooMany = Math.max(0, others.length + 1 - (this.#options.maxLoaded ?? Infinity))
    for (const model of others.slice(0, tooMany)) model.unload().catch(() => {})
  }
}
