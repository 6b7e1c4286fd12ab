/** What the main thread and the workers say to each other. */
import type { DecodeOptions } from '../../head/decode/decode.ts'
import type { ChosenLayer } from '../../models/choose-layers.ts'
import type { Model } from '../../models/model.ts'
import type { Artifact } from '../../models/artifact.ts'
import type { Classification } from '../classifier.ts'
import type { DetectedObject } from '../detector.ts'
import type { ImageProblem } from '../errors.ts'
import type { Rendering } from '../features/render.ts'
import type { ImageInfo } from '../image/decode.ts'

/** A model's files to be read: away from the main thread, which has requests to answer. */
export interface ReadJob {
  readonly type: 'read'
  readonly source: Artifact
}

/** Everything a worker needs to build a model. Its weights lie in shared memory: all workers read the same figures. */
export interface LoadJob {
  readonly type: 'load'
  /** What jobs call it. */
  readonly id: string
  readonly model: Model
  /** Make it ready to detect right now; otherwise it is built when it is first asked for. */
  readonly warm: boolean
}

export interface UnloadJob {
  readonly type: 'unload'
  readonly id: string
}

/** An image file, and how many pixels of it are decoded at the most. */
export interface ImageSource { readonly bytes: Uint8Array, readonly maxPixels: number }

/** An image file to find objects in. */
export interface DetectJob extends ImageSource {
  readonly type: 'detect'
  /** The id under which it was loaded. */
  readonly model: string
  readonly options: DecodeOptions
}

/** An image file to look at layers' activations for. */
export interface FeaturesJob extends ImageSource {
  readonly type: 'features'
  readonly model: string
  readonly options: DecodeOptions
  readonly layers: readonly ChosenLayer[]
  readonly rendering: Rendering
}

/** An image file to say the class of. */
export interface ClassifyJob extends ImageSource {
  readonly type: 'classify'
  readonly model: string
  readonly topK: number
}

/** What is done with an image. */
export type ImageJob = DetectJob | FeaturesJob | ClassifyJob
export type Job = ReadJob | LoadJob | UnloadJob | ImageJob

/** Milliseconds that the steps of a detection took. */
export interface StepTimes {
  readonly decode: number
  readonly preprocess: number
  readonly inference: number
  readonly postprocess: number
}

/** What a worker answers to each kind of job. Boxes are in pixels of the photo as displayed. */
export interface Results {
  read: Model
  load: null
  unload: null
  detect: { readonly image: ImageInfo, readonly detections: readonly DetectedObject[], readonly times: StepTimes }
  classify: { readonly image: ImageInfo, readonly classes: readonly Classification[], readonly times: StepTimes }
  features: Results['detect'] & { readonly times: { readonly render: number }, readonly body: Uint8Array }
}

export interface Request { readonly id: number, readonly job: Job }

/** Why a job failed: an image's problem is the sender's, so is a layer that can't be drawn; anything else is ours. */
export type Failure =
  | { readonly kind: 'image', readonly problem: ImageProblem, readonly cause: string }
  | { readonly kind: 'features', readonly message: string }
  | { readonly kind: 'worker', readonly message: string }

export type Reply =
  | { readonly id: number, readonly result: Results[Job['type']] }
  | { readonly id: number, readonly failure: Failure }
