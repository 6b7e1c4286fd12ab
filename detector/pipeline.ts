/** The way of an image through a model: decode, warp, run, decode predictions, unwarp. It runs in a worker thread. */
import { decode } from '../head/decode/decode.ts'
import { centerPriors, type CenterPrior } from '../head/decode/priors.ts'
import type { ModelConfig } from '../models/config.ts'
import { unwarpBox, warpFor } from '../models/geometry.ts'
import { DEFAULT_OPTIONS } from './options.ts'
import { blankImage, decodeImage } from './image.ts'
import type { DetectJob, LoadJob, Results } from './protocol.ts'
import { Session } from './session.ts'
import { warpPixels } from './warp-pixels.ts'

const WARM_UP_RUNS = 5
const WARM_UP_SIZE = { width: 640, height: 480 }

export class Pipeline {
  readonly #config: ModelConfig
  readonly #session: Session
  readonly #priors: readonly CenterPrior[]

  private constructor (config: ModelConfig, session: Session) {
    this.#config = config
    this.#session = session
    this.#priors = centerPriors(config.input, config.head.strides, config.head.offset)
  }

  /** Makes a model ready, and runs it until it runs as fast as it will: no request pays for the start. */
  static async load ({ config, onnx }: LoadJob, threads: number): Promise<Pipeline> {
    const pipeline = new Pipeline(config, await Session.create(onnx, config.input, threads))
    const bytes = await blankImage(WARM_UP_SIZE)
    for (let i = 0; i < WARM_UP_RUNS; i++) {
      await pipeline.detect({ type: 'detect', model: config.name, bytes, maxPixels: Infinity, options: DEFAULT_OPTIONS })
    }
    return pipeline
  }

  /** @throws ImageError when the image can't be decoded */
  async detect ({ bytes, maxPixels, options }: DetectJob): Promise<Results['detect']> {
    const { geometry, input, labels, head: { regMax } } = this.#config
    const clock = stopwatch()
    const { data, ...image } = await decodeImage(bytes, maxPixels)
    const decodeMs = clock()
    const warp = warpFor(geometry, image, input)
    const pixels = warpPixels({ data, width: image.width, height: image.height }, warp)
    const preprocess = clock()
    const predictions = await this.#session.run(pixels)
    const inference = clock()
    const found = decode(predictions, { numClasses: labels.length, regMax }, this.#priors, input, options)
    const detections = found.map(({ box, ...rest }) => ({ ...rest, box: unwarpBox(warp, box, image) }))
    return { image, detections, times: { decode: decodeMs, preprocess, inference, postprocess: clock() } }
  }
}

/** Each call returns the milliseconds since the one before. */
function stopwatch (): () => number {
  let last = performance.now()
  return () => {
    const now = performance.now()
    const lap = now - last
    last = now
    return lap
  }
}
