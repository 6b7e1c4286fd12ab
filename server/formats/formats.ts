import type { Drawing } from '../../engine/results.ts'
import type { Recognized } from '../recognize.ts'
import { toCoco } from './coco.ts'
import { toCsv } from './csv.ts'
import { toHuggingFace } from './huggingface.ts'
import { toNodeRed } from './node-red.ts'
import { toNative } from './native.ts'
import { toUltralytics } from './ultralytics.ts'
import { toYolo } from './yolo.ts'

/** A format of detections: text, or a value to send as JSON. */
export interface Writing {
  readonly mediaType: string
  /** @param imageId the image's number in the client's data set */
  readonly write: (found: Recognized, imageId: number) => object | string
}

/** A picture of the detections, drawn in the worker. */
export interface Picture { readonly mediaType: string, readonly drawing: Drawing }

export type Format = Writing | Picture

export const FORMAT_NAMES = [
  'json', 'image', 'png', 'coco', 'csv', 'yolo', 'ultralytics', 'huggingface', 'node-red'
] as const
export type FormatName = typeof FORMAT_NAMES[number]

const JSON_TYPE = 'application/json'
/** Maximum side of a drawing in pixels: enough for a screen, and small enough to send. */
const MAX_SIDE = 4096

export const PICTURES: Readonly<Record<Drawing['format'], Picture>> = {
  jpeg: { mediaType: 'image/jpeg', drawing: { format: 'jpeg', maxSide: MAX_SIDE } },
  png: { mediaType: 'image/png', drawing: { format: 'png', maxSide: MAX_SIDE } }
}

export const FORMATS: Record<FormatName, Format> = {
  json: { mediaType: JSON_TYPE, write: toNative },
  image: PICTURES.jpeg,
  png: PICTURES.png,
  coco: { mediaType: JSON_TYPE, write: toCoco },
  csv: { mediaType: 'text/csv', write: toCsv },
  yolo: { mediaType: 'text/plain', write: toYolo },
  ultralytics: { mediaType: JSON_TYPE, write: toUltralytics },
  huggingface: { mediaType: JSON_TYPE, write: toHuggingFace },
  'node-red': { mediaType: JSON_TYPE, write: toNodeRed }
}

/**
 * Formats that an Accept header can select. The others share a media type with json, or have one that clients accept
 * unintentionally: text/plain.
 */
export const ACCEPTED_FORMATS = ['json', 'image', 'png', 'csv'] as const satisfies readonly FormatName[]

export const isPicture = (format: Format): format is Picture => 'drawing' in format

/** Whether a batch is answered as one flat list. */
export const isJson = (format: Format): format is Writing => format.mediaType === JSON_TYPE
