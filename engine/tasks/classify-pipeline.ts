import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import type { ClassifierConfig, OpaqueClassifierConfig } from '../../models/config.ts'
import { blankImage, decodeCentre } from '../image/decode.ts'
import type { Classification, ClassifyInput, ClassifyOutput } from '../results.ts'
import { Session } from '../session.ts'
import { stopwatch } from '../steps.ts'
import { checkClasses } from './check-scores.ts'
import { warmUp } from './warm-up.ts'

/** A classifier, compiled. */
export interface PreparedClassifier {
  readonly config: ClassifierConfig | OpaqueClassifierConfig
  readonly onnx: Uint8Array
}

/** From an image file to classes: decode, crop, run, softmax. */
export class ClassifyPipeline {
  readonly #config: PreparedClassifier['config']
  readonly #session: Session

  private constructor (config: PreparedClassifier['config'], session: Session) {
    this.#config = config
    this.#session = session
  }

  /**
   * Loads a compiled classifier, and runs it until it is warm.
   * @throws if the runtime can't load the graph; ModelFileError if its outputs are not what the config says
   */
  static async load ({ config, onnx }: PreparedClassifier, threads: number): Promise<ClassifyPipeline> {
    const pipeline = new ClassifyPipeline(config, await Session.create(onnx, threads))
    const input = { bytes: await blankImage(config.input), maxPixels: Infinity, topK: 1 }
    try {
      if ('opaque' in config) checkClasses(await pipeline.#outputsFor(input.bytes), config)
      await warmUp(() => pipeline.classify(input), 'classify')
    } catch (error) {
      await pipeline.release()
      throw error
    }
    return pipeline
  }

  /** @throws ImageError if the image can't be decoded */
  async classify ({ bytes, maxPixels, topK }: ClassifyInput): Promise<ClassifyOutput> {
    const clock = stopwatch()
    const { input, labels } = this.#config
    const { image, pixels } = await decodeCentre(bytes, maxPixels, input)
    const decode = clock()
    const outputs = await this.#run(pixels)
    const inference = clock()
    const classes = best(this.#scores(outputs), labels).slice(0, topK)
    return { image, classes, times: { decode, preprocess: 0, inference, postprocess: clock() } }
  }

  async release (): Promise<void> { await this.#session.release() }

  async #outputsFor (bytes: Uint8Array): Promise<Float32Array> {
    const { pixels } = await decodeCentre(bytes, Infinity, this.#config.input)
    return await this.#run(pixels)
  }

  async #run (pixels: Uint8Array): Promise<Float32Array> {
    const { input } = this.#config
    return (await this.#session.run({ ...input, pixels, padded: input }))[OUTPUT_NAME]!.data
  }

  #scores (outputs: Float32Array): Float32Array {
    return 'scores' in this.#config && this.#config.scores === 'probabilities' ? outputs : softmax(outputs)
  }
}

function softmax (logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = logits.map(value => Math.exp(value - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map(value => value / sum)
}

const best = (scores: Float32Array, labels: readonly string[]): Classification[] =>
  [...scores].map((score, classId) => ({ classId, label: labels[classId]!, score })).sort((a, b) => b.score - a.score)
