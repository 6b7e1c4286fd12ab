import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import type { ClassifierConfig, OpaqueClassifierConfig } from '../../models/config.ts'
import { blankImage, decodeCentre } from '../image/decode.ts'
import type { Classification, ClassifyInput, ClassifyOutput, Running } from '../results.ts'
import type { Session } from '../session.ts'
import { stopwatch } from '../steps.ts'
import { runAlone } from './batch.ts'
import { checkClasses } from './check-scores.ts'
import { onProviders, type Networks } from './on-providers.ts'
import type { PrepareOptions } from './task.ts'
import { warmUp, warmUpBatches } from './warm-up.ts'

/** A classifier, compiled. */
export interface PreparedClassifier extends Networks { readonly config: ClassifierConfig | OpaqueClassifierConfig }

/** From an image file to classes: decode, crop, run, softmax. */
export class ClassifyPipeline {
  readonly #config: PreparedClassifier['config']
  readonly #session: Session
  readonly running: Running

  private constructor (config: PreparedClassifier['config'], session: Session, running: Running) {
    this.#config = config
    this.#session = session
    this.running = running
  }

  /**
   * Loads a compiled classifier, and runs it until it is warm.
   * @throws if the runtime can't load the graph; ModelFileError if its outputs are not what the config says
   */
  static async load ({ config, ...networks }: PreparedClassifier, threads: number, where: PrepareOptions = {}): Promise<ClassifyPipeline> {
    return await onProviders(networks, { threads, ...where }, async (session, running) => {
      const pipeline = new ClassifyPipeline(config, session, running)
      const input = { bytes: await blankImage(config.input), maxPixels: Infinity, topK: 1 }
      if ('opaque' in config) checkClasses(await pipeline.#outputsFor(input.bytes), config)
      await warmUp(() => pipeline.classify(input), 'classify')
      await warmUpBatches(run => pipeline.classify(input, run), running.isBatched ? where.maxBatch : 1)
      return pipeline
    })
  }

  /** @param run runs the network @throws ImageError if the image can't be decoded */
  async classify ({ bytes, maxPixels, topK }: ClassifyInput, run = runAlone): Promise<ClassifyOutput> {
    const clock = stopwatch()
    const { input, labels } = this.#config
    const { image, pixels } = await decodeCentre(bytes, maxPixels, input)
    const decode = clock()
    const { outputs, ms: inference } = await run(this.#session, { ...input, pixels, padded: input })
    clock()
    const classes = best(this.#scores(outputs[OUTPUT_NAME]!.data), labels).slice(0, topK)
    return { image, classes, times: { decode, preprocess: 0, inference, postprocess: clock() } }
  }

  async release (): Promise<void> { await this.#session.release() }

  async #outputsFor (bytes: Uint8Array): Promise<Float32Array> {
    const { input } = this.#config
    const { pixels } = await decodeCentre(bytes, Infinity, input)
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
