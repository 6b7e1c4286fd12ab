import { totalBytes } from '../engine/chunks.ts'
import type { Explanation } from '../engine/explain/explanation.ts'
import type { Classification, ClassifyOutput, DetectOutput, ExplainOutput, InferOutput, Timed } from '../engine/results.ts'

/** Of an image as displayed, that is after EXIF orientation; in pixels. */
export interface ImageSize { readonly width: number, readonly height: number }

/** Corners in pixels of the image as displayed. */
export interface BoxCorners { readonly x1: number, readonly y1: number, readonly x2: number, readonly y2: number }

/** An object in an image. */
export interface DetectedObject {
  readonly label: string
  /** Index among the model's labels. */
  readonly classId: number
  /** 0 … 1. */
  readonly score: number
  readonly box: BoxCorners
}

/** Milliseconds of each step, of the wait for a worker (`queue`), and of all of it (`total`). */
export interface Timing {
  readonly queue: number
  readonly decode: number
  readonly preprocess: number
  readonly inference: number
  readonly postprocess: number
  readonly total: number
}

export interface Detections {
  readonly model: string
  readonly image: ImageSize
  /** Highest score first. */
  readonly detections: readonly DetectedObject[]
  readonly timing: Timing
}

export interface Explained extends Detections {
  /** How the detections came about, named as in the reply of POST /explain. */
  readonly explanation: Explanation
}

export interface Classes {
  readonly model: string
  readonly image: ImageSize
  /** Highest score first; the scores of all classes sum to 1. */
  readonly classes: readonly Classification[]
  readonly timing: Timing
}

/** A layer's output: `data` in C order; feature maps have the shape `[1, channels, height, width]`. */
export interface FeatureMap { readonly shape: readonly number[], readonly data: Float32Array }

export function toDetections (model: string, { image, objects, times }: Timed<DetectOutput>): Detections {
  const detections = objects.map(({ label, classId, score, box: [x1, y1, x2, y2] }) => ({ label, classId, score, box: { x1, y1, x2, y2 } }))
  return { model, image: sizeOf(image), detections, timing: toTiming(times) }
}

export const toExplained = (model: string, output: Timed<ExplainOutput>): Explained =>
  ({ ...toDetections(model, output), explanation: JSON.parse(String(Buffer.concat(output.body))) })

export const toClasses = (model: string, { image, classes, times }: Timed<ClassifyOutput>): Classes =>
  ({ model, image: sizeOf(image), classes, timing: toTiming(times) })

/** The layers by the names that they were requested by. Copies the values once. */
export function toFeatureMaps ({ tensors, body }: InferOutput): Map<string, FeatureMap> {
  const bytes = new Uint8Array(totalBytes(body))
  let end = 0
  for (const chunk of body) bytes.set(chunk, (end += chunk.length) - chunk.length)
  let start = 0
  return new Map(tensors.map(({ name, shape, bytes: length }) => {
    const data = new Float32Array(bytes.buffer, start, length / Float32Array.BYTES_PER_ELEMENT)
    start += length
    return [name, { shape, data }]
  }))
}

const sizeOf = ({ width, height }: ImageSize): ImageSize => ({ width, height })

const toTiming = ({ queue, decode, preprocess, inference, postprocess, total }: Timing): Timing =>
  ({ queue, decode, preprocess, inference, postprocess, total })
