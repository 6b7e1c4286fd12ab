import type { DecodeOptions } from '../head/decode/decode.ts'
import type { Detection } from '../head/decode/nms.ts'
import { toShared, type StateDict } from '../models/checkpoints/state-dict.ts'
import type { ChosenLayer } from '../models/choose-layers.ts'
import type { ModelConfig } from '../models/config.ts'
import { listLayers, type LayerInfo } from '../models/layers.ts'
import type { Rendering } from './features/render.ts'
import { sniffFormat, type ImageInfo } from './image.ts'
import { DEFAULT_OPTIONS } from './options.ts'
import type { Ran, WorkerPool } from './pool.ts'
import type { DetectJob, ImageSource, StepTimes } from './protocol.ts'

/** An object in a photo: its box in pixels of the photo as displayed. */
export interface DetectedObject extends Detection { readonly label: string }

export interface DetectResult {
  readonly image: ImageInfo
  /** Best first. */
  readonly objects: readonly DetectedObject[]
  /** Milliseconds of each step; `queue` is the wait for a worker, `total` is from call to answer. */
  readonly times: StepTimes & { readonly queue: number, readonly total: number }
}

export interface FeaturesResult extends DetectResult {
  /** The layers in the format that was asked for. */
  readonly body: Uint8Array
}

export interface DetectOptions extends Partial<DecodeOptions> {
  /** Larger images are refused before they are decoded. */
  readonly maxPixels: number
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** The workers that detect, and those that look into networks: neither waits for the other. */
export interface Pools { readonly detect: WorkerPool, readonly inspect: WorkerPool }

/** Finds objects in photos with one model, and shows how. */
export class Detector {
  readonly config: ModelConfig
  readonly #pools: Pools
  readonly #folded: boolean
  #layers?: LayerInfo[]

  private constructor (config: ModelConfig, pools: Pools, folded: boolean) {
    this.config = config
    this.#pools = pools
    this.#folded = folded
  }

  /**
   * Makes a model ready in all workers.
   * @throws WorkerError when the state dict does not fit the model
   */
  static async load (config: ModelConfig, stateDict: StateDict, pools: Pools): Promise<Detector> {
    const job = { type: 'load', config, stateDict: toShared(stateDict) } as const
    await Promise.all([pools.detect.load({ ...job, warm: true }), pools.inspect.load({ ...job, warm: false })])
    return new Detector(config, pools, stateDict.folded)
  }

  /** What can be looked at, in the order of the forward pass. */
  get layers (): readonly LayerInfo[] {
    this.#layers ??= listLayers(this.config, this.#folded)
    return this.#layers
  }

  /**
   * @param bytes an image file
   * @throws ImageError when the image can't be decoded, OverloadError when there is no time for it, AbortedError when it was dropped,
   * WorkerError when a worker fails
   */
  async detect (bytes: Uint8Array, options: DetectOptions): Promise<DetectResult> {
    const start = performance.now()
    const job = { type: 'detect', model: this.config.name, ...settle(bytes, options) } as const
    return finish(await this.#pools.detect.run(job, { signal: options.signal }), start)
  }

  /**
   * Detects, and renders layers' activations of the same forward pass.
   * @throws FeaturesError where the layers do not fit the format, and what `detect` does
   */
  async features (
    bytes: Uint8Array, layers: readonly ChosenLayer[], rendering: Rendering, options: DetectOptions
  ): Promise<FeaturesResult> {
    const start = performance.now()
    const job = { type: 'features', model: this.config.name, ...settle(bytes, options), layers, rendering } as const
    const result = await this.#pools.inspect.run(job, { signal: options.signal })
    return { ...finish(result, start), body: result.body }
  }
}

function finish ({ image, detections, times, queueMs }: Ran<DetectJob>, start: number): DetectResult {
  return { image, objects: detections, times: { queue: queueMs, ...times, total: performance.now() - start } }
}

/** What a job takes from a request. What is no image need not wait for a worker to be refused. */
function settle (bytes: Uint8Array, { maxPixels, signal: _signal, ...options }: DetectOptions): ImageSource & { options: DecodeOptions } {
  sniffFormat(bytes)
  return { bytes, maxPixels, options: { ...DEFAULT_OPTIONS, ...options } }
}
