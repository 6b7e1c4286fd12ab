import type { ClassifierModel } from '../../models/model.ts'
import { compileModel } from '../../models/kinds/kinds.ts'
import { OUTPUT_NAME } from '../../models/network.ts'
import type { Classification } from '../classifier.ts'
import { blankImage, decodeCentre } from '../image/decode.ts'
import type { ImageSource, Results } from '../processes/protocol.ts'
import { Session } from '../session.ts'
import { stopwatch } from './steps.ts'

const WARM_UP_RUNS = 5

/** The way of an image through a classifier. It runs in a worker thread. */
export class ClassifyPipeline {
  readonly #model: ClassifierModel
  readonly #session: Session

  private constructor (model: ClassifierModel, session: Session) {
    this.#model = model
    this.#session = session
  }

  /** Compiles a model, and runs it until it is warm. @throws NetworkError when the checkpoint does not fit the model */
  static async load (model: ClassifierModel, threads: number): Promise<ClassifyPipeline> {
    const session = await Session.create(compileModel(model), threads)
    const pipeline = new ClassifyPipeline(model, session)
    const bytes = await blankImage(model.config.input)
    for (let i = 0; i < WARM_UP_RUNS; i++) await pipeline.classify({ bytes, maxPixels: Infinity }, 1)
    return pipeline
  }

  /** @throws ImageError when the image can't be decoded */
  async classify ({ bytes, maxPixels }: ImageSource, topK: number): Promise<Results['classify']> {
    const clock = stopwatch()
    const { input } = this.#model.config
    const { image, pixels } = await decodeCentre(bytes, maxPixels, input)
    const decode = clock()
    const outputs = await this.#session.run({ ...input, pixels, padded: input })
    const inference = clock()
    const classes = best(softmax(outputs[OUTPUT_NAME]!.data), topK)
    return { image, classes, times: { decode, preprocess: 0, inference, postprocess: clock() } }
  }

  async release (): Promise<void> { await this.#session.release() }
}

function softmax (logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = logits.map(value => Math.exp(value - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map(value => value / sum)
}

function best (scores: Float32Array, count: number): Classification[] {
  return [...scores].map((score, classId) => ({ classId, score })).sort((a, b) => b.score - a.score).slice(0, count)
}
