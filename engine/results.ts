/** Inputs and outputs of tasks, as plain data. Imports nothing of the engine. */
import type { Box, Size } from '../head/decode/boxes.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import type { Detection } from '../head/decode/nms.ts'
import type { Precision } from '../models/calibration-table.ts'
import type { ChosenLayer } from '../models/choose-layers.ts'

/** Bytes in pieces: as they arrived, or of up to CHUNK_BYTES. */
export type Chunks = readonly Uint8Array[]

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp'

/** `width` and `height` are the photo's as displayed: after EXIF `orientation` (1 to 8). Only the first page is used. */
export interface ImageInfo extends Size {
  readonly format: ImageFormat
  readonly orientation: number
  readonly pages: number
  /** Color space, by libvips' names: srgb, b-w, cmyk … */
  readonly space: string
}

/** An image file. Images that declare more than `maxPixels` (width × height) are refused before they are decoded. */
export interface ImageInput { readonly bytes: Uint8Array, readonly maxPixels: number }

/** The photo with boxes and labels drawn on it, as a file. It is scaled down if its longer side exceeds `maxSide` pixels. */
export interface Drawing { readonly format: 'jpeg' | 'png', readonly maxSide: number }

export interface DetectInput extends ImageInput {
  readonly options: DecodeOptions
  /** Also draw the objects. */
  readonly drawing?: Drawing
  /** Also cut each object out. */
  readonly crop?: boolean
}

export interface ClassifyInput extends ImageInput {
  /** Number of classes to return, highest score first. */
  readonly topK: number
}

export const FILE_FORMATS = ['npz', 'npy', 'safetensors', 'maps', 'json', 'png', 'overlay'] as const
export type FileFormat = typeof FILE_FORMATS[number]

/** How overlays and maps reduce a cell's channels to one value; a number is the index of a channel. */
export type ReduceMode = 'mean' | 'max' | 'l2' | 'eigen' | number

/** Formats that show LayerCAM's maps: the others have all channels of a layer. */
export const CAM_FORMATS: ReadonlyArray<Rendering['format']> = ['overlay', 'maps', 'report']

/** A detection by its index in the reply, 0 for the best; or a class: its best detection, otherwise its best candidate. */
export type CamTarget = { readonly index: number } | { readonly classId: number }

/** How layers are rendered; `report` is what POST /detect?features= answers. */
export interface Rendering {
  readonly format: FileFormat | 'report'
  /** json: all values, not only statistics. */
  readonly values: boolean
  /** png: maximum number of channels of a layer, those with the strongest response first. */
  readonly channels: number
  /** `layercam` is about one detection, the target. */
  readonly reduce: ReduceMode | 'layercam'
}

export interface FeaturesInput extends Omit<DetectInput, 'drawing' | 'crop'> {
  readonly layers: readonly ChosenLayer[]
  readonly rendering: Rendering
  /** Of LayerCAM's maps; by default the best detection. */
  readonly target?: CamTarget | undefined
  /** Precision of the detections and the layers. By default the model's for detections, and fp32 for layers. */
  readonly precision?: Precision | undefined
}

/** A place in the photo to explain. */
export interface Region {
  /** In pixels of the photo as displayed. */
  readonly box: Box
  /** The class that is expected there. */
  readonly classId?: number | undefined
}

export interface ExplainInput extends ImageInput {
  readonly options: DecodeOptions
  /** Stages and levels to compare the region in, and to find the target's cells in; otherwise unused. */
  readonly layers: readonly ChosenLayer[]
  readonly region?: Region | undefined
  /** Also tell which cells of the layers raised its score. */
  readonly target?: CamTarget | undefined
  /** Precision of the network, by default the model's. */
  readonly precision?: Precision | undefined
}

/** The network's own input: RGB pixels, uint8 `[1, height, width, 3]` in C order. */
export interface TensorInput { readonly bytes: Uint8Array, readonly shape: readonly number[] }

/** The requested results of one forward pass. */
export interface WantedOutputs {
  readonly layers: readonly ChosenLayer[]
  /** The network's output before it is decoded. */
  readonly predictions: boolean
  /** How predictions are decoded. Without it, or without a photo, no objects are returned. */
  readonly options?: DecodeOptions
}

export type InferInput = (ImageInput | TensorInput) & WantedOutputs

/** A tensor in C order; its values are part of a body. */
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
  /** Rendering of layers or of a drawing. */
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
  /** The drawing, if requested, then the objects cut out, as JPEG files. */
  readonly body?: Chunks
  /** Bytes of each object that was cut out. */
  readonly crops?: readonly number[]
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

/** Detections, and how they came about: JSON, the members of an `Explanation`. */
export interface ExplainOutput extends DetectOutput { readonly body: Chunks }

/** Tensors, and the objects of a photo. */
export interface InferOutput {
  /** Omitted if the input was a tensor. */
  readonly image?: ImageInfo
  /** Highest score first. */
  readonly objects: readonly DetectedObject[]
  /** The predictions, then the layers in the requested order. */
  readonly tensors: readonly TensorInfo[]
  readonly times: StepTimes
  /** The tensors' values, concatenated, little-endian. */
  readonly body: Chunks
}

/** A task's result with its time in the queue. */
export type Timed<Output> = Output & {
  readonly times: Times
  /** Number of photos in its run of the network, if there were several. */
  readonly batch?: number
}

/** How a worker runs a model. */
export interface Running {
  /** The execution provider that the network is loaded on. */
  readonly provider: string
  readonly precision: Precision
  /** Whether one run takes several photos. */
  readonly isBatched: boolean
  /** The preferred providers that can't run it, each with the reason. */
  readonly skipped: readonly string[]
}
