/**
 * nanodet-server as a library: object detection in your own Node program. docs/embedding.md shows how.
 * @example
 * import { detect } from 'nanodet-server'
 * const { detections } = await detect(await readFile('photo.jpg'))
 */
export { buildApp, type AppOptions } from './app.ts'
export {
  createEngine, type ClassifyOptions, type ExplainOptions, type FeaturesOptions, type ImageBytes, type ModelState, type NanodetEngine
} from './engine.ts'
export { NanodetError } from './errors.ts'
export type { CallOptions, DetectOptions, EngineOptions } from './options.ts'
export type {
  BoxCorners, Classes, Detections, DetectedObject, Explained, FeatureMap, ImageSize, Timing
} from './results.ts'
export { closeShared, detect, features } from './shared.ts'
export type { Explanation, Verdict } from '../engine/explain/explanation.ts'
export type { Classification } from '../engine/results.ts'
export type { LayerInfo } from '../models/layers.ts'
