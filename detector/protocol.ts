/** What the main thread and the workers say to each other. */
import type { DecodeOptions } from '../head/decode/decode.ts'
import type { Detection } from '../head/decode/nms.ts'
import type { ModelConfig } from '../models/config.ts'
import type { ImageProblem } from './errors.ts'
import type { ImageInfo } from './image.ts'

/** Everything a worker needs to run a model. `onnx` lies in shared memory: all workers read the same bytes. */
export interface LoadJob {
  readonly type: 'load'
  readonly config: ModelConfig
  readonly onnx: Uint8Array
}

/** An image file to find objects in. */
export interface DetectJob {
  readonly type: 'detect'
  readonly model: string
  readonly bytes: Uint8Array
  /** Larger images are not decoded. */
  readonly maxPixels: number
  readonly options: DecodeOptions
}

export type Job = LoadJob | DetectJob

/** Milliseconds that the steps of a detection took. */
export interface StepTimes {
  readonly decode: number
  readonly preprocess: number
  readonly inference: number
  readonly postprocess: number
}

/** What a worker answers to each kind of job. Boxes are in pixels of the photo as displayed. */
export interface Results {
  load: null
  detect: { readonly image: ImageInfo, readonly detections: readonly Detection[], readonly times: StepTimes }
}

export interface Request { readonly id: number, readonly job: Job }

/** Why a job failed: an image's problem is the sender's, anything else is ours. */
export type Failure = { readonly problem: ImageProblem, readonly cause: string } | { readonly message: string }

export type Reply =
  | { readonly id: number, readonly result: Results[Job['type']] }
  | { readonly id: number, readonly failure: Failure }
