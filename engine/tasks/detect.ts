import type { DecodeOptions } from '../../head/decode/decode.ts'
import type { DetectorModel } from '../../models/model.ts'
import { compileModel } from '../../models/kinds/kinds.ts'
import { OUTPUT_NAME } from '../../models/network.ts'
import { blankImage } from '../image/decode.ts'
import { DEFAULT_OPTIONS } from '../options.ts'
import type { ImageSource, Results } from '../processes/protocol.ts'
import { Session } from '../session.ts'
import { Steps, stopwatch } from './steps.ts'

const WARM_UP_RUNS = 5
const WARM_UP_SIZE = { width: 640, height: 480 }

/** The way of an image through a model: decode, warp, run, decode predictions, unwarp. It runs in a worker thread. */
export class Pipeline {
  readonly #steps: Steps
  readonly #session: Session

  private constructor (steps: Steps, session: Session) {
    this.#steps = steps
    this.#session = session
  }

  /**
   * Compiles a model, and runs it until it runs as fast as it will: no request pays for the start.
   * @throws NetworkError when the checkpoint does not fit the model
   */
  static async load (model: DetectorModel, threads: number): Promise<Pipeline> {
    const session = await Session.create(compileModel(model), threads)
    const pipeline = new Pipeline(new Steps(model.config), session)
    const bytes = await blankImage(WARM_UP_SIZE)
    for (let i = 0; i < WARM_UP_RUNS; i++) await pipeline.detect({ bytes, maxPixels: Infinity }, DEFAULT_OPTIONS)
    return pipeline
  }

  /** @throws ImageError when the image can't be decoded */
  async detect (source: ImageSource, options: DecodeOptions): Promise<Results['detect']> {
    const prepared = await this.#steps.prepare(source)
    const clock = stopwatch()
    const outputs = await this.#session.run(prepared.picture)
    const inference = clock()
    const detections = this.#steps.interpret(outputs[OUTPUT_NAME]!.data, prepared, options)
    return { image: prepared.image, detections, times: { ...prepared.times, inference, postprocess: clock() } }
  }

  async release (): Promise<void> { await this.#session.release() }
}
