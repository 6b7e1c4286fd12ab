import type { ModelConfig } from '../models/config.ts'
import { loadWeights } from '../models/weights.ts'
import { Detector } from './detector.ts'
import { WorkerPool, type PoolOptions } from './pool.ts'

/** The models that can be asked for, over one pool of workers. */
export class DetectorStore {
  readonly configs: readonly ModelConfig[]
  readonly pool: WorkerPool
  readonly #detectors = new Map<string, Detector>()

  constructor (configs: readonly ModelConfig[], options: PoolOptions) {
    this.configs = configs
    this.pool = new WorkerPool(options)
  }

  /** All models are loaded and have run once. */
  get ready (): boolean { return this.#detectors.size === this.configs.length }

  /** @throws when the weights of a model are missing or do not fit it */
  async load (): Promise<void> {
    for (const config of this.configs) {
      this.#detectors.set(config.name, await Detector.load(config, await loadWeights(config), this.pool))
    }
  }

  get (name: string): Detector | undefined { return this.#detectors.get(name) }

  async close (): Promise<void> { await this.pool.close() }
}
