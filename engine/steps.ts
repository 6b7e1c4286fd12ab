/** The steps before and after a network: decode, warp; decode predictions, unwarp. */
import type { Size } from '../head/decode/boxes.ts'
import { candidates, type Candidate, type PredictionLayout, type Wanted } from '../head/decode/candidates.ts'
import { decode, type DecodeOptions } from '../head/decode/decode.ts'
import { centerPriors, type CenterPrior } from '../head/decode/priors.ts'
import type { DetectorConfig } from '../models/config.ts'
import { unwarpBox, warpFor, type Warp } from '../models/resize-mode.ts'
import { decodeImage, type Pixels } from './image/decode.ts'
import type { DetectedObject, ImageInfo, ImageInput } from './results.ts'
import type { Picture } from './session.ts'
import { warpPixels } from './image/warp.ts'

/** A photo's size, and its way into the network's input. */
export interface Placed { readonly image: Size, readonly warp: Warp }

/** A preprocessed photo. */
export interface Prepared extends Placed {
  readonly image: ImageInfo
  readonly photo: Pixels
  /** The network's input. */
  readonly picture: Picture
  readonly times: { readonly decode: number, readonly preprocess: number }
}

/** The steps of one model. */
export class Steps {
  readonly #config: DetectorConfig
  /** By the size of the network's input: one, or a few dozen if it depends on the photo. */
  readonly #priors = new Map<string, readonly CenterPrior[]>()

  constructor (config: DetectorConfig) { this.#config = config }

  /** @throws ImageError if the image can't be decoded */
  async preprocess ({ bytes, maxPixels }: ImageInput): Promise<Prepared> {
    const clock = stopwatch()
    const { data, ...image } = await decodeImage(bytes, maxPixels)
    const decode = clock()
    const photo = { data, width: image.width, height: image.height }
    const warp = warpFor(this.#config.resizeMode, image, this.#config.input)
    const { canvas, padded } = warp
    const picture = { ...canvas, padded, pixels: warpPixels(photo, { ...warp, padded: canvas }) }
    return { image, photo, warp, picture, times: { decode, preprocess: clock() } }
  }

  /** Predictions → objects with boxes in pixels of the photo as displayed, best first. */
  postprocess (predictions: Float32Array, { warp, image }: Placed, options: DecodeOptions): DetectedObject[] {
    const { labels } = this.#config
    const found = decode(predictions, this.layout, this.#priorsOf(warp.padded), warp.padded, options)
    return found.map(({ box, ...rest }) => ({ ...rest, label: labels[rest.classId]!, box: unwarpBox(warp, box, image) }))
  }

  /** The candidates that `postprocess` suppresses and keeps; their boxes are in pixels of the network's input. */
  candidates (predictions: Float32Array, { warp }: Prepared, wanted: Wanted): Candidate[] {
    return candidates(predictions, this.layout, this.#priorsOf(warp.padded), warp.padded, wanted)
  }

  get layout (): PredictionLayout {
    const { labels, head: { regMax }, scores } = this.#config
    return { numClasses: labels.length, regMax, ...(scores && { scores }) }
  }

  #priorsOf (size: Size): readonly CenterPrior[] {
    const { strides, offset } = this.#config.head
    const key = `${size.width}×${size.height}`
    const priors = this.#priors.get(key) ?? centerPriors(size, strides, offset)
    this.#priors.set(key, priors)
    return priors
  }
}

/** Each call returns the milliseconds since the previous one. */
export function stopwatch (): () => number {
  let last = performance.now()
  return () => {
    const now = performance.now()
    const lap = now - last
    last = now
    return lap
  }
}
