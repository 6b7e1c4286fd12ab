import type { Photo } from '../cli/load/photos.ts'
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import { Session } from '../engine/session.ts'
import { Steps } from '../engine/steps.ts'
import type { PreparedDetector } from '../engine/tasks/detect-pipeline.ts'
import { OUTPUT_NAME } from '../models/tensor-names.ts'

/** Photos, and the time that they took. */
export interface Throughput { readonly photos: number, readonly seconds: number }

/** From a photo's bytes to its boxes, without server, queue and workers. */
export class BarePipeline {
  readonly #steps: Steps
  readonly #session: Session
  #runs = 0

  private constructor (steps: Steps, session: Session) {
    this.#steps = steps
    this.#session = session
  }

  /** @param threads that share one run of the network */
  static async load ({ config, onnx }: PreparedDetector, threads: number): Promise<BarePipeline> {
    return new BarePipeline(new Steps(config), await Session.create(onnx, threads))
  }

  /** @throws ImageError when the photo can't be decoded */
  async detect ({ bytes }: Photo) {
    const prepared = await this.#steps.preprocess({ bytes, maxPixels: Infinity })
    const outputs = await this.#session.run(prepared.picture)
    return this.#steps.postprocess(outputs[OUTPUT_NAME]!.data, prepared, DEFAULT_OPTIONS)
  }

  /** Runs one photo after another for some seconds, starting after the last photo of the previous call. */
  async runFor (seconds: number, photos: readonly Photo[]): Promise<Throughput> {
    const start = performance.now()
    const elapsed = (): number => (performance.now() - start) / 1000
    const first = this.#runs
    while (elapsed() < seconds) await this.detect(photos[this.#runs++ % photos.length]!)
    return { photos: this.#runs - first, seconds: elapsed() }
  }

  async release (): Promise<void> { await this.#session.release() }
}
