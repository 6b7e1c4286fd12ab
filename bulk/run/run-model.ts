import { Engine } from '../../engine/engine.ts'
import { ModelLoadError, WorkerError } from '../../engine/errors.ts'
import type { Lease } from '../../engine/lease.ts'
import type { DetectInput, DetectOutput, Timed } from '../../engine/results.ts'
import type { Artifact } from '../../models/artifact.ts'
import { chooseLayers, type ChosenLayer } from '../../models/choose-layers.ts'
import type { RunSpec } from '../run-spec.ts'

export interface RunModelOptions {
  /** Worker processes; each has one image at a time. */
  readonly workers: number
  /** Threads that share one run of the network: 1 by default, best where all workers are busy. */
  readonly threads?: number
  /** Maximum number of pixels of an image, by default 500 million. */
  readonly maxPixels?: number
  /** Milliseconds after which a worker that does not answer is killed: two minutes by default. */
  readonly jobTimeout?: number
}

/** What was found in an image, and the files about it. */
export interface Found {
  readonly output: Timed<DetectOutput>
  /** JPEG. */
  readonly drawing: Uint8Array | undefined
  /** JPEG, one for each object. */
  readonly crops: readonly Uint8Array[]
  /** Layers as safetensors. */
  readonly features: Uint8Array | undefined
}

const MAX_PIXELS = 500_000_000
const JOB_TIMEOUT = 120_000
const DRAWING = { format: 'jpeg', maxSide: Infinity } as const
const RENDERING = { format: 'safetensors', values: false, channels: 0, reduce: 'l2' } as const

/** A model in worker processes, for a run. Layers and boxes come from one run of the network, unless pictures are wanted, too. */
export class RunModel {
  readonly name: string
  readonly #engine: Engine
  readonly #spec: RunSpec
  readonly #maxPixels: number
  readonly #detect: Lease<'detect'>
  readonly #features: Lease<'features'> | undefined
  readonly #layers: readonly ChosenLayer[]

  private constructor (engine: Engine, spec: RunSpec, maxPixels: number, detect: Lease<'detect'>, features: Lease<'features'> | undefined) {
    this.name = spec.model
    this.#engine = engine
    this.#spec = spec
    this.#maxPixels = maxPixels
    this.#detect = detect
    this.#features = features
    this.#layers = features ? chooseLayers(spec.features.join(), features.model.layers) : []
  }

  /**
   * Starts the workers, with the model ready.
   * @throws ModelLoadError, WrongTaskError if it is not a detector, UnknownLayerError
   */
  static async open (artifact: Artifact, spec: RunSpec, options: RunModelOptions): Promise<RunModel> {
    const { workers, threads = 1, maxPixels = MAX_PIXELS, jobTimeout = JOB_TIMEOUT } = options
    const isFeatures = spec.features.length > 0
    const main = isFeatures && !hasPictures(spec) ? 1 : workers
    const engine = new Engine({ artifacts: [artifact], workers: main, inspectors: workers, threads, jobTimeout })
    try {
      await engine.start()
      const detect = await engine.acquire(spec.model, 'detect')
      return new RunModel(engine, spec, maxPixels, detect, isFeatures ? await engine.acquire(spec.model, 'features') : undefined)
    } catch (error) {
      await engine.close()
      throw error
    }
  }

  /**
   * Finds objects. An image whose worker process ends is given to another worker once.
   * @throws ImageError; WorkerError if the image ended two workers, or fails in one; ModelLoadError if no worker can run the model any more
   */
  async find (bytes: Uint8Array): Promise<Found> {
    try {
      return await this.#find(bytes).catch(async error => {
        if (!hasEnded(error)) throw error
        return await this.#find(bytes)
      })
    } catch (error) {
      throw hasEnded(error) ? this.#problem() ?? error : error
    }
  }

  /** Ends the workers. */
  async close (): Promise<void> { await this.#engine.close() }

  async #find (bytes: Uint8Array): Promise<Found> {
    const { draw, crop, classes, scoreThreshold, iouThreshold, maxDetections } = this.#spec
    const options = { scoreThreshold, iouThreshold, maxDetections, ...classes && { classes } }
    const input = { bytes, maxPixels: this.#maxPixels, options }
    const looked = await this.#features?.run({ ...input, layers: this.#layers, rendering: RENDERING })
    const features = looked && Buffer.concat(looked.body)
    if (looked && !hasPictures(this.#spec)) return { output: looked, drawing: undefined, crops: [], features }
    return { ...await this.#pictured({ ...input, ...draw && { drawing: DRAWING }, crop }), features }
  }

  async #pictured (input: DetectInput): Promise<Omit<Found, 'features'>> {
    const output = await this.#detect.run(input)
    const body = Buffer.concat(output.body ?? [])
    const sizes = output.crops ?? []
    const ofCrops = body.length - sizes.reduce((sum, size) => sum + size, 0)
    const ends = sizes.map((_, i) => ofCrops + sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0))
    const crops = ends.map((end, i) => body.subarray(end - sizes[i]!, end))
    return { output, drawing: input.drawing && body.subarray(0, ofCrops), crops }
  }

  #problem (): ModelLoadError | undefined {
    const { problem } = this.#engine.get(this.name)
    return problem === undefined ? undefined : new ModelLoadError(this.name, problem)
  }
}

const hasPictures = ({ draw, crop }: RunSpec): boolean => draw || crop

const hasEnded = (error: unknown): error is WorkerError => error instanceof WorkerError && error.ended
