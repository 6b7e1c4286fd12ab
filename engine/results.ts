/** What goes into tasks and what comes out of them, as plain data. Imports nothing of the engine. */
import type { Size } from '../head/decode/boxes.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import type { Detection } from '../head/decode/nms.ts'
import type { ChosenLayer } from '../models/choose-layers.ts'

/** Bytes in pieces of at most CHUNK_BYTES: no message between processes is long enough to hold up an event loop. */
export type Chunks = readonly Uint8Array[]

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp'

/** `width` and `height` are the photo's as displayed: after EXIF `orientation` (1 to 8). Only the first page counts. */
export interface ImageInfo extends Size {
  readonly format: ImageFormat
  readonly orientation: number
  readonly pages: number
  /** How colors are stored, in libvips' words: srgb, b-w, cmyk … */
  readonly space: string
}

/** An image file. Images that declare more than `maxPixels` (width × height) are refused before they are decoded. */
export interface ImageInput { readonly bytes: Uint8Array, readonly maxPixels: number }

/** The photo with boxes and labels drawn on it, as a file. It is made smaller where its longer side is longer than `maxSide` pixels. */
export interface Drawing { readonly format: 'jpeg' | 'png', readonly maxSide: number }

export interface DetectInput extends ImageInput {
  readonly options: DecodeOptions
  /** Draw what was found, too. */
  readonly drawing?: Drawing
}

export interface ClassifyInput extends ImageInput {
  /** Number of classes to return, highest score first. */
  readonly topK: number
}

export const FILE_FORMATS = ['npz', 'npy', 'safetensors', 'json', 'png', 'overlay'] as const
export type FileFormat = typeof FILE_FORMATS[number]

/** How an overlay makes one number of a cell's channels; a number is the index of one channel. */
export type ReduceMode = 'mean' | 'max' | 'l2' | 'eigen' | number

/** How layers are rendered; `report` is what POST /detect?features= answers. */
export interface Rendering {
  readonly format: FileFormat | 'report'
  /** json: all values, not only statistics. */
  readonly values: boolean
  /** png: maximum number of channels of a layer, those with the strongest response first. */
  readonly channels: number
  readonly reduce: ReduceMode
}

export interface FeaturesInput extends Omit<DetectInput, 'drawing'> {
  readonly layers: readonly ChosenLayer[]
  readonly rendering: Rendering
}

/** The network's own input: RGB pixels, uint8 `[1, height, width, 3]` in C order. */
export interface TensorInput { readonly bytes: Uint8Array, readonly shape: readonly number[] }

/** What is wanted of one forward pass. */
export interface WantedOutputs {
  readonly layers: readonly ChosenLayer[]
  /** The network's output before it is decoded. */
  readonly predictions: boolean
  /** How objects are found. Without it, and without a photo, none are looked for. */
  readonly options?: DecodeOptions
}

export type InferInput = (ImageInput | TensorInput) & WantedOutputs

/** A tensor in C order; its values are a part of a body. */
export interface TensorInfo {
  readonly name: string
  readonly dtype: 'float32'
  readonly shape: readonly number[]
  readonly bytes: number
}

/** Milliseconds of each step in the worker. */
export interface StepTimes {
  readonly decode: number
  readonly preprocess: number
  readonly inference: number
  readonly postprocess: number
  /** Of layers, or of a drawing. */
  readonly render?: number
}

/** The steps, the wait for a worker (`queue`), and all of it (`total`). */
export interface Times extends StepTimes { readonly queue: number, readonly total: number }

/** An object in a photo: its box is in pixels of the photo as displayed. */
export interface DetectedObject extends Detection { readonly label: string }

export interface DetectOutput {
  readonly image: ImageInfo
  /** Highest score first. */
  readonly objects: readonly DetectedObject[]
  readonly times: StepTimes
  /** The drawing, where one was asked for. */
  readonly body?: Chunks
}

/** A class and its probability, 0 … 1; over all classes these sum to 1. */
export interface Classification { readonly classId: number, readonly label: string, readonly score: number }

export interface ClassifyOutput {
  readonly image: ImageInfo
  /** Highest score first. */
  readonly classes: readonly Classification[]
  readonly times: StepTimes
}

/** Detections, and layers' activations in the requested format. */
export interface FeaturesOutput extends DetectOutput { readonly body: Chunks }

/** Tensors, and the objects of a photo. */
export interface InferOutput {
  /** Left out where the input was a tensor. */
  readonly image?: ImageInfo
  /** Highest score first. */
  readonly objects: readonly DetectedObject[]
  /** The predictions, then the layers in the order that they were asked for. */
  readonly tensors: readonly TensorInfo[]
  readonly times: StepTimes
  /** The tensors' values one after the other, little-endian. */
  readonly body: Chunks
}

/** A task's result with the time that it spent waiting. */
export type Timed<Output> = Output & { readonly times: Times }
