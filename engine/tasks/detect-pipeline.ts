import type { DetectorConfig } from '../../models/config.ts'
import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import { inChunks } from '../chunks.ts'
import { annotate } from '../image/annotate.ts'
import { cropBoxes } from '../image/crop.ts'
import { blankImage } from '../image/decode.ts'
import { DEFAULT_OPTIONS } from '../options.ts'
import type { DetectInput, DetectOutput, Drawing, ImageInput, Running } from '../results.ts'
import type { Session } from '../session.ts'
import { Steps, stopwatch } from '../steps.ts'
import { runAlone } from './batch.ts'
import { checkPredictions } from './check-scores.ts'
import { onProviders, type Networks } from './on-providers.ts'
import type { PrepareOptions } from './task.ts'
import { warmUp, warmUpBatches } from './warm-up.ts'

/** A detector, compiled. */
export interface PreparedDetector extends Networks { readonly config: DetectorConfig }

const WARM_UP_SIZE = { width: 640, height: 480 }

/** From an image file to objects: decode, warp, run, decode predictions, unwarp. */
export class DetectPipeline {
  readonly #steps: Steps
  readonly #session: Session
  readonly running: Running

  private constructor (steps: Steps, session: Session, running: Running) {
    this.#steps = steps
    this.#session = session
    this.running = running
  }

  /**
   * Loads a compiled detector, and runs it until it is warm.
   * @throws if the runtime can't load the graph; ModelFileError if its outputs are not what the config says
   */
  static async load ({ config, ...networks }: PreparedDetector, threads: number, where: PrepareOptions = {}): Promise<DetectPipeline> {
    return await onProviders(networks, { threads, ...where }, async (session, running) => {
      const pipeline = new DetectPipeline(new Steps(config), session, running)
      const input = { bytes: await blankImage(WARM_UP_SIZE), maxPixels: Infinity, options: DEFAULT_OPTIONS }
      if ('opaque' in config) checkPredictions(await pipeline.#predictionsFor(input), config)
      await warmUp(() => pipeline.detect(input))
      await warmUpBatches(run => pipeline.detect(input, run), running.isBatched ? where.maxBatch : 1)
      return pipeline
    })
  }

  /** @param run runs the network @throws ImageError if the image can't be decoded */
  async detect ({ options, drawing, crop, ...source }: DetectInput, run = runAlone): Promise<DetectOutput> {
    const prepared = await this.#steps.preprocess(source)
    const { outputs, ms: inference } = await run(this.#session, prepared.picture)
    const clock = stopwatch()
    const objects = this.#steps.postprocess(outputs[OUTPUT_NAME]!.data, prepared, options)
    const found = { image: prepared.image, objects, times: { ...prepared.times, inference, postprocess: clock() } }
    return drawing || crop ? await withPictures(found, source, { drawing, crop }) : found
  }

  async release (): Promise<void> { await this.#session.release() }

  async #predictionsFor (source: ImageInput): Promise<Float32Array> {
    const { picture } = await this.#steps.preprocess(source)
    return (await this.#session.run(picture))[OUTPUT_NAME]!.data
  }
}

async function withPictures (
  found: DetectOutput, { bytes, maxPixels }: ImageInput, { drawing, crop }: { drawing: Drawing | undefined, crop: boolean | undefined }
): Promise<DetectOutput> {
  const clock = stopwatch()
  const drawn = drawing ? [await annotate(bytes, found.objects, { maxPixels, ...drawing })] : []
  const crops = crop ? await cropBoxes(bytes, found.objects.map(({ box }) => box), maxPixels) : []
  const body = [...drawn, ...crops].flatMap(inChunks)
  return { ...found, times: { ...found.times, render: clock() }, body, ...crop && { crops: crops.map(({ length }) => length) } }
}
