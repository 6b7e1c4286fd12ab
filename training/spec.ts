/** What a training run is made of, as plain data, which is sent to the processes that compute it. */
import type { Size } from '../head/decode/boxes.ts'
import type { StateDict } from '../models/checkpoints/state-dict.ts'
import type { ClassifierConfig, ModelConfig } from '../models/config.ts'

/** An object to learn: corners in pixels of the photo as displayed, and the index of its class in the config's labels. */
export interface TruthBox {
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number]
  readonly label: number
}

/** A photo of a detector's training or validation set. */
export interface DetectionExample {
  /** Path of the file. */
  readonly path: string
  readonly objects: readonly TruthBox[]
}

/** A photo of a classifier's training or validation set. */
export interface ClassificationExample {
  readonly path: string
  readonly label: number
}

/** Random changes of photos; upstream's names (nanodet/data/transform/warp.py, color.py). */
export interface Augmentation {
  /** Maximum of the perspective's coefficients. */
  readonly perspective: number
  /** Range of the zoom about the center. */
  readonly scale: readonly [number, number]
  /** Ranges of the stretch of width and height. */
  readonly stretch: readonly [width: readonly [number, number], height: readonly [number, number]]
  /** Maximum in degrees. */
  readonly rotation: number
  /** Maximum in degrees. */
  readonly shear: number
  /** Maximum, as a share of the photo's sides. */
  readonly translate: number
  /** Probability of a horizontal flip. */
  readonly flip: number
  /** Maximum that is added, as a share of the range of values. */
  readonly brightness: number
  readonly contrast: readonly [number, number]
  readonly saturation: readonly [number, number]
  /** Probability that four photos are joined into one. */
  readonly mosaic: number
}

/** What both kinds of training have in common. */
interface Common {
  /** Initial values of all parameters; those that are not trained keep them. */
  readonly initial: StateDict
  /** Names of the parameters that are trained. */
  readonly trained: readonly string[]
  /** Batch norms normalize by their batch: training from random weights. Otherwise, by running statistics, which do not change. */
  readonly batchStatistics: boolean
  /** Photos of one run of the network; the gradients of a batch's runs are added. */
  readonly microBatch: number
  readonly augmentation: Augmentation
  /** Everything random depends on it: order, augmentation, new weights. */
  readonly seed: number
}

export interface DetectionSpec extends Common {
  readonly kind: 'detector'
  readonly config: ModelConfig
  readonly examples: readonly DetectionExample[]
  readonly validation: readonly DetectionExample[]
  /** NanoDet-Plus only: trains the auxiliary head (https://github.com/RangiLyu/nanodet), which assigns the targets. */
  readonly auxiliary: boolean
}

/** The part of a photo that a classifier learns from, drawn for each use (torchvision's RandomResizedCrop). */
export interface RandomCrop {
  /** Range of its share of the photo's area. */
  readonly area: readonly [number, number]
  /** Range of its width divided by its height, as a multiple of the input's. */
  readonly ratio: readonly [number, number]
}

export interface ClassificationSpec extends Common {
  readonly kind: 'classifier'
  readonly config: ClassifierConfig
  readonly examples: readonly ClassificationExample[]
  readonly validation: readonly ClassificationExample[]
  readonly crop: RandomCrop
  /** Share of each target that is spread over all classes. */
  readonly labelSmoothing: number
}

export type TrainingSpec = DetectionSpec | ClassificationSpec

/** The size of a config's input, as augmented photos have it. */
export type InputSize = Size
