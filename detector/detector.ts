import type { DecodeOptions } from '../head/decode/decode.ts'
import type { Detection } from '../head/decode/nms.ts'
import type { ModelConfig } from '../models/config.ts'
import { compile } from '../models/network.ts'
import type { Weights } from '../nn/scope.ts'
import { sniffFormat, type ImageInfo } from './image.ts'
import { DEFAULT_OPTIONS } from './options.ts'
import type { WorkerPool } from './pool.ts'
import type { StepTimes } from './protocol.ts'

/** An object in a photo: its box in pixels of the photo as displayed. */
export interface DetectedObject extends Detection { readonly label: string }

export interface DetectResult {
  readonly image: ImageInfo
  /** Best first. */
  readonly objects: readonly DetectedObject[]
  /** Milliseconds of each step; `total` counts the wait for a worker, too. */
  readonly times: StepTimes & { readonly total: number }
}

/** Finds objects in photos with one model. */
export class Detector {
  readonly config: ModelConfig
  readonly #pool: WorkerPool

  private constructor (config: ModelConfig, pool: WorkerPool) {
    this.config = config
    this.#pool = pool
  }

  /**
   * Compiles a model and makes it ready in all workers.
   * @throws NetworkError when the weights do not fit the model
   */
  static async load (config: ModelConfig, weights: Weights, pool: WorkerPool): Promise<Detector> {
    await pool.load({ type: 'load', config, onnx: toShared(compile(config, weights)) })
    return new Detector(config, pool)
  }

  /**
   * @param bytes an image file
   * @param options `maxPixels`: larger images are refused before they are decoded
   * @throws ImageError when the image can't be decoded, WorkerError when a worker fails
   */
  async detect (bytes: Uint8Array, { maxPixels, ...options }: Partial<DecodeOptions> & { maxPixels: number }): Promise<DetectResult> {
    const start = performance.now()
    sniffFormat(bytes) // what is no image need not wait for a worker to be refused
    const { image, detections, times } = await this.#pool.run({
      type: 'detect', model: this.config.name, bytes, maxPixels, options: { ...DEFAULT_OPTIONS, ...options }
    })
    return {
      image,
      objects: detections.map(found => ({ ...found, label: this.config.labels[found.classId]! })),
      times: { ...times, total: performance.now() - start }
    }
  }
}

function toShared (bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}
