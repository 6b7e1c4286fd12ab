/** An engine for programs that embed this package: networks run in child processes, calls return plain objects. */
import { Engine } from '../engine/engine.ts'
import { WorkerError } from '../engine/errors.ts'
import type { Lease } from '../engine/lease.ts'
import type { State } from '../engine/models/deployment.ts'
import type { RunOptions } from '../engine/processes/pool.ts'
import type { TaskName } from '../engine/tasks/catalog.ts'
import { explainedLayers } from '../engine/explain/layers.ts'
import { chooseLayers } from '../models/choose-layers.ts'
import type { LayerInfo } from '../models/layers.ts'
import { invalid, NanodetError, toNanodetError } from './errors.ts'
import { checkCounts, decodeOptions, innerOptions, regionOf, type CallOptions, type DetectOptions, type EngineOptions } from './options.ts'
import {
  toClasses, toDetections, toExplained, toFeatureMaps, type BoxCorners, type Classes, type Detections, type Explained, type FeatureMap
} from './results.ts'

/** The bytes of an image file: JPEG, PNG, WebP, AVIF, GIF, TIFF or BMP. A Buffer is a Uint8Array. Keep them unchanged during a call. */
export type ImageBytes = Uint8Array | ArrayBuffer

export interface FeaturesOptions extends CallOptions {
  /** Paths (`backbone.stage2.0`), short names (`stage2`, `p3`) and globs (`backbone.stage3.*`), comma-separated. */
  readonly layers: string
}

export interface ClassifyOptions extends CallOptions {
  /** Maximum number of classes, highest score first: 5 by default. */
  readonly topK?: number | undefined
}

export interface ExplainOptions extends DetectOptions {
  /** Also explain a place in the image. */
  readonly region?: BoxCorners | undefined
  /** The object that is expected in the region; any by default. */
  readonly label?: string | undefined
}

/** A model that an engine has found. */
export interface ModelState {
  readonly name: string
  /** Models that are not loaded are loaded when first used. */
  readonly state: State['name']
  readonly task?: 'detect' | 'classify' | undefined
  /** By class id. */
  readonly labels?: readonly string[] | undefined
}

type Use<N extends TaskName, T> = (lease: Lease<N>, options: RunOptions) => Promise<T>
const INNER = new WeakMap<NanodetEngine, Engine>()

/**
 * Starts an engine and loads its model, which takes about a second.
 * @example
 * const engine = await createEngine()
 * const { detections } = await engine.detect(await readFile('photo.jpg'))
 * @throws NanodetError, for example MODEL_NOT_FOUND, INVALID_MODEL, INVALID_PARAMETER
 */
export async function createEngine (options: EngineOptions = {}): Promise<NanodetEngine> {
  const { maxPixels, ...inner } = innerOptions(options)
  const engine = new Engine(inner)
  try {
    await engine.start([engine.defaultName])
  } catch (error) {
    await engine.close()
    throw startError(error) ?? await toNanodetError(error, engine.models.map(({ name }) => name))
  }
  return new NanodetEngine(engine, maxPixels)
}

/** Before a model is loaded, processes only list the folder of models. */
function startError (error: unknown): NanodetError | undefined {
  if (!(error instanceof WorkerError)) return undefined
  if (!error.ended) return invalid(`modelsDir: ${error.message}`)
  return new NanodetError('MODEL_UNAVAILABLE', 503, error.message, { cause: error })
}

/** The engine of processes inside. */
export const innerEngine = (engine: NanodetEngine): Engine => INNER.get(engine)!

/**
 * Runs models on images. Its processes end with `close()`, with this process, and don't keep this process alive.
 * Calls may overlap; they run in order, as many at a time as there are workers.
 */
export class NanodetEngine {
  readonly #engine: Engine
  readonly #maxPixels: number

  /** Use `createEngine`. */
  constructor (engine: Engine, maxPixels: number) {
    this.#engine = engine
    this.#maxPixels = maxPixels
    INNER.set(this, engine)
  }

  get models (): readonly ModelState[] {
    return this.#engine.models.map(({ name, state, info }) => ({ name, state: state.name, task: info?.task, labels: info?.labels }))
  }

  /**
   * Finds the objects in an image.
   * @throws NanodetError, for example UNSUPPORTED_IMAGE, CORRUPT_IMAGE, IMAGE_TOO_LARGE, INVALID_PARAMETER, OVERLOADED
   */
  async detect (image: ImageBytes, options: DetectOptions = {}): Promise<Detections> {
    return await this.#with('detect', options, async (lease, run) => {
      const decode = decodeOptions(options, lease.model.labels)
      return toDetections(lease.model.name, await lease.run({ ...this.#input(image), options: decode }, run))
    })
  }

  /**
   * Returns the outputs of layers for an image, by the names that they were requested by.
   * @throws NanodetError, for example UNKNOWN_LAYER with the nearest names, and as `detect`
   */
  async features (image: ImageBytes, options: FeaturesOptions): Promise<Map<string, FeatureMap>> {
    const { layers: names } = options
    if (typeof names !== 'string') throw invalid('layers: expected names as comma-separated text')
    return await this.#with('infer', options, async (lease, run) => {
      const layers = chooseLayers(names, lease.model.layers)
      return toFeatureMaps(await lease.run({ ...this.#input(image), layers, predictions: false }, run))
    })
  }

  /**
   * Finds the objects in an image, and explains how they came about; with a region, also what the network made of it. The explanation
   * has the names of POST /explain.
   * @throws NanodetError as `detect`
   */
  async explain (image: ImageBytes, options: ExplainOptions = {}): Promise<Explained> {
    return await this.#with('explain', options, async (lease, run) => {
      const { name, labels, layers } = lease.model
      const wanted = { options: decodeOptions(options, labels), region: regionOf(options, labels), layers: explainedLayers(layers) }
      return toExplained(name, await lease.run({ ...this.#input(image), ...wanted }, run))
    })
  }

  /** Classifies an image, with a classifier in `modelsDir`. @throws NanodetError as `detect` */
  async classify (image: ImageBytes, options: ClassifyOptions = {}): Promise<Classes> {
    const { topK = 5 } = options
    checkCounts({ topK })
    return await this.#with('classify', options, async (lease, run) =>
      toClasses(lease.model.name, await lease.run({ ...this.#input(image), topK }, run)))
  }

  /** The layers of a detector that `features` can return, in the order of the forward pass. @throws NanodetError */
  async layers (options: CallOptions = {}): Promise<readonly LayerInfo[]> {
    return await this.#with('features', options, async lease => lease.model.layers)
  }

  /** Rejects what waits, and ends the processes; what runs has one second to finish. */
  async close (): Promise<void> { await this.#engine.close() }

  async [Symbol.asyncDispose] (): Promise<void> { await this.close() }

  #input (image: ImageBytes): { bytes: Uint8Array, maxPixels: number } {
    const bytes = image instanceof ArrayBuffer ? new Uint8Array(image) : image
    if (bytes instanceof Uint8Array) return { bytes, maxPixels: this.#maxPixels }
    throw invalid(`expected the bytes of an image file as Uint8Array or ArrayBuffer, found ${typeof image}`)
  }

  /** Leases a model for one call. A signal ends the wait for it; what runs already runs to its end. */
  async #with<N extends TaskName, T> (task: N, options: CallOptions, use: Use<N, T>): Promise<T> {
    const { model, signal: given } = options
    given?.throwIfAborted()
    const signal = given && AbortSignal.any([given]) // many calls may share one: it gets no listeners
    const result = this.#run(task, model, signal, use)
    if (!signal) return await result
    let onAbort = (): void => {}
    const aborted = new Promise<never>((_resolve, reject) => { onAbort = () => reject(signal.reason) })
    signal.addEventListener('abort', onAbort)
    return await Promise.race([result, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
  }

  async #run<N extends TaskName, T> (
    task: N, model: string | undefined, signal: AbortSignal | undefined, use: Use<N, T>
  ): Promise<T> {
    try {
      const lease = await this.#engine.acquire(model, task, { signal })
      try {
        return await use(lease, { signal })
      } finally {
        lease.release()
      }
    } catch (error) {
      throw await toNanodetError(error, this.models.map(({ name }) => name))
    }
  }
}
