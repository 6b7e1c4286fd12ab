import type { DecodeOptions } from '../head/decode/decode.ts'
import type { Detection } from '../head/decode/nms.ts'
import type { ChosenLayer } from '../models/choose-layers.ts'
import { listLayers, type LayerInfo } from '../models/layers.ts'
import type { DetectorModel } from '../models/model.ts'
import type { Artifact } from '../models/artifact.ts'
import type { Rendering } from './features/render.ts'
import { sniffFormat, type ImageInfo } from './image/decode.ts'
import { Loaded, type Pools } from './models/loaded.ts'
import { DEFAULT_OPTIONS } from './options.ts'
import type { Ran } from './processes/pool.ts'
import type { DetectJob, ImageSource, StepTimes } from './processes/protocol.ts'

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

/** Finds objects in photos with one model, and shows how. */
export class Detector extends Loaded {
  readonly #model: DetectorModel
  #layers?: readonly LayerInfo[]

  /** @param model as the workers have it */
  constructor (id: string, source: Artifact, model: DetectorModel, pools: Pools) {
    super(id, source, pools)
    this.#model = model
  }

  get config (): DetectorModel['config'] { return this.#model.config }

  /** What can be looked at, in the order of the forward pass. */
  get layers (): readonly LayerInfo[] {
    this.#layers ??= this.#model.kind === 'opaque' ? this.#model.layers : listLayers(this.#model.config, this.#model.stateDict.folded)
    return this.#layers
  }

  /**
   * @param bytes an image file
   * @throws ImageError when the image can't be decoded, OverloadError when there is no time for it, AbortedError when it was dropped,
   * WorkerError when a worker fails
   */
  async detect (bytes: Uint8Array, options: DetectOptions): Promise<DetectResult> {
    const start = performance.now()
    const job = { type: 'detect', model: this.id, ...settle(bytes, options) } as const
    return finish(await this.pools.detect.run(job, { signal: options.signal }), start)
  }

  /**
   * Detects, and renders layers' activations of the same forward pass.
   * @throws FeaturesError where the layers do not fit the format, and what `detect` does
   */
  async features (
    bytes: Uint8Array, layers: readonly ChosenLayer[], rendering: Rendering, options: DetectOptions
  ): Promise<FeaturesResult> {
    const start = performance.now()
    const job = { type: 'features', model: this.id, ...settle(bytes, options), layers, rendering } as const
    const result = await this.pools.inspect.run(job, { signal: options.signal })
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
