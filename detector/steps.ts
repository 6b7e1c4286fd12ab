/** What goes before a network and what comes behind it: decode, warp; decode predictions, unwarp. */
import { decode, type DecodeOptions } from '../head/decode/decode.ts'
import { centerPriors, type CenterPrior } from '../head/decode/priors.ts'
import type { DetectorConfig } from '../models/config.ts'
import { unwarpBox, warpFor, type Warp } from '../models/geometry.ts'
import type { DetectedObject } from './detector.ts'
import { decodeImage, type ImageInfo, type Pixels } from './image.ts'
import type { ImageSource } from './protocol.ts'
import { warpPixels } from './warp-pixels.ts'

/** A photo on its way into a network. */
export interface Prepared {
  readonly image: ImageInfo
  readonly photo: Pixels
  readonly warp: Warp
  /** The network's input, RGB `[height, width, 3]`. */
  readonly pixels: Uint8Array
  readonly times: { readonly decode: number, readonly preprocess: number }
}

/** The steps of one model. */
export class Steps {
  readonly #config: DetectorConfig
  readonly #priors: readonly CenterPrior[]

  constructor (config: DetectorConfig) {
    this.#config = config
    this.#priors = centerPriors(config.input, config.head.strides, config.head.offset)
  }

  /** @throws ImageError when the image can't be decoded */
  async prepare ({ bytes, maxPixels }: ImageSource): Promise<Prepared> {
    const clock = stopwatch()
    const { data, ...image } = await decodeImage(bytes, maxPixels)
    const decode = clock()
    const photo = { data, width: image.width, height: image.height }
    const warp = warpFor(this.#config.geometry, image, this.#config.input)
    const pixels = warpPixels(photo, warp)
    return { image, photo, warp, pixels, times: { decode, preprocess: clock() } }
  }

  /** Predictions → objects with boxes in pixels of the photo as displayed, best first. */
  interpret (predictions: Float32Array, { warp, image }: Prepared, options: DecodeOptions): DetectedObject[] {
    const { input, labels, head: { regMax } } = this.#config
    const found = decode(predictions, { numClasses: labels.length, regMax }, this.#priors, input, options)
    return found.map(({ box, ...rest }) => ({ ...rest, label: labels[rest.classId]!, box: unwarpBox(warp, box, image) }))
  }
}

/** Each call returns the milliseconds since the one before. */
export function stopwatch (): () => number {
  let last = performance.now()
  return () => {
    const now = performance.now()
    const lap = now - last
    last = now
    return lap
  }
}
