/** Functions for scripts: one engine with the default model, started by the first call, closed when it is idle. */
import { createEngine, type FeaturesOptions, type ImageBytes, type NanodetEngine } from './engine.ts'
import type { DetectOptions } from './options.ts'
import type { Detections, FeatureMap } from './results.ts'

type SharedDetectOptions = Omit<DetectOptions, 'model'>
type SharedFeaturesOptions = Omit<FeaturesOptions, 'model'>

/** Milliseconds without a call after which the engine's processes end. The next call starts others. */
const IDLE_TIMEOUT = 10_000

let shared: Promise<NanodetEngine> | undefined
let calls = 0
let idle: NodeJS.Timeout | undefined

/**
 * Finds the objects in an image with nanodet-m-416. The first call starts an engine, which takes about a second.
 * Programs that need another model, more workers or an end by themselves use `createEngine`.
 * @example const { detections } = await detect(await readFile('photo.jpg'), { scoreThreshold: 0.5 })
 * @throws NanodetError as `NanodetEngine.detect`
 */
export const detect = (image: ImageBytes, options?: SharedDetectOptions): Promise<Detections> =>
  withShared(engine => engine.detect(image, options))

/**
 * Returns the outputs of nanodet-m-416's layers for an image, with the same engine as `detect`.
 * @example const maps = await features(await readFile('photo.jpg'), { layers: 'stage4,p5' })
 * @throws NanodetError as `NanodetEngine.features`
 */
export const features = (image: ImageBytes, options: SharedFeaturesOptions): Promise<Map<string, FeatureMap>> =>
  withShared(engine => engine.features(image, options))

/** Ends the processes of `detect` and `features` now rather than after ten seconds without a call. */
export async function closeShared (): Promise<void> {
  clearTimeout(idle)
  const closing = shared
  shared = undefined
  await closing?.then(engine => engine.close(), () => {})
}

async function withShared<T> (use: (engine: NanodetEngine) => Promise<T>): Promise<T> {
  clearTimeout(idle)
  calls++
  try {
    shared ??= createEngine()
    const starting = shared
    starting.catch(() => { if (shared === starting) shared = undefined }) // the next call tries again
    return await use(await starting)
  } finally {
    if (--calls === 0) idle = setTimeout(closeShared, IDLE_TIMEOUT).unref()
  }
}
