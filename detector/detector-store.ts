import type { StateDict } from '../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../models/config.ts'
import { loadStateDict } from '../models/weights.ts'
import { Detector, type Pools } from './detector.ts'
import { WorkerPool, type PoolOptions } from './pool.ts'

export type StateDictOf = (config: ModelConfig) => Promise<StateDict>

/** The models that can be asked for, over workers that they share. */
export class DetectorStore {
  readonly configs: readonly ModelConfig[]
  readonly pools: Pools
  readonly #detectors = new Map<string, Detector>()

  readonly #stateDictOf: StateDictOf
  #crashes = 0

  /**
   * @param options of the workers that detect; those that look into networks are one, and start when they are first needed
   * @param stateDictOf where a model's figures come from: by default, from what the build has made ready
   */
  constructor (configs: readonly ModelConfig[], options: PoolOptions, stateDictOf: StateDictOf = loadStateDict) {
    this.configs = configs
    this.#stateDictOf = stateDictOf
    const onCrash = (message: string): void => {
      this.#crashes++
      options.onCrash?.(message)
    }
    this.pools = {
      detect: new WorkerPool({ ...options, onCrash }),
      inspect: new WorkerPool({ ...options, onCrash, workers: 1, lazy: true })
    }
  }

  /** Workers that ended and were replaced. */
  get crashes (): number { return this.#crashes }

  /** All models are loaded and have run once. */
  get ready (): boolean { return this.#detectors.size === this.configs.length }

  /** @throws when the weights of a model are missing or do not fit it */
  async load (): Promise<void> {
    for (const config of this.configs) {
      this.#detectors.set(config.name, await Detector.load(config, await this.#stateDictOf(config), this.pools))
    }
  }

  get (name: string): Detector | undefined { return this.#detectors.get(name) }

  async close (): Promise<void> { await Promise.all([this.pools.detect.close(), this.pools.inspect.close()]) }
}
