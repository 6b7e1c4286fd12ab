import type { Drawing } from '../../engine/results.ts'
import type { Recognized } from '../recognize.ts'
import { toCoco } from './coco.ts'
import { toCsv } from './csv.ts'
import { toHuggingFace } from './huggingface.ts'
import { toNodeRed } from './node-red.ts'
import { toNative } from './native.ts'
import { toUltralytics } from './ultralytics.ts'
import { toYolo } from './yolo.ts'

/** A way to write what was found in an image: as text, or as a value that is sent as JSON. */
export interface Writing {
  readonly mediaType: string
  /** @param imageId the image's number in the client's data set */
  readonly write: (found: Recognized, imageId: number) => object | string
}

/** A picture of what was found, drawn in the worker. */
export interface Picture { readonly mediaType: string, readonly drawing: Drawing }

export type Format = Writing | Picture

export const FORMAT_NAMES = [
  'json', 'image', 'png', 'coco', 'csv', 'yolo', 'ultralytics', 'huggingface', 'node-red'
] as const
export type FormatName = typeof FORMAT_NAMES[number]

const JSON_TYPE = 'application/json'
/** Of a drawing, in pixels: what a screen shows, and little enough to send. */
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
 * Those that an Accept header can ask for. The others share a media type with json, or have one that clients accept
 * without meaning it: text/plain.
 */
export const ACCEPTED_FORMATS = ['json', 'image', 'png', 'csv'] as const satisfies readonly FormatName[]

export const isPicture = (format: Format): format is Picture => 'drawing' in format

/** Whether replies to several images go into one list. */
export const isJson = (format: Format): format is Writing => format.mediaType === JSON_TYPE
