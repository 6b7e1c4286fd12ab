import { z } from 'zod'
import { isImage } from '../../../engine/image/sniff.ts'
import { decodeBase64 } from '../../body/base64.ts'
import { isForm, parseForm } from '../../body/form.ts'
import { decodeText, type JsonObject } from '../../body/json.ts'
import { fromForm, MAX_IMAGES } from '../../body/upload.ts'
import { ApiError } from '../../errors.ts'
import type { DetectionOptions } from '../../recognize.ts'
import { MAX_NAME } from '../../schemas.ts'
import { boundedList } from '../bounded.ts'
import { checked } from '../checked.ts'

/** Roboflow's defaults. */
const DEFAULTS = { confidence: 0.4, overlap: 0.3, maxDetections: 300 }

const EXPECTED_IMAGE = `expected {"type": "base64", "value": "…"}, or a list of at most ${MAX_IMAGES}`

export interface Inference {
  readonly images: readonly Uint8Array[]
  /** Whether the client expects a list. */
  readonly isList: boolean
  readonly modelId: string | undefined
  readonly options: DetectionOptions
  /** Whether to return a picture with the boxes, as base64. */
  readonly isDrawn: boolean
}

export interface LegacyQuery {
  readonly options: DetectionOptions
  readonly format: 'json' | 'image' | 'image_and_json'
}

const threshold = z.number().min(0).max(1)
const maxDetections = z.int().min(1).max(1000)
const reference = z.object({ type: z.string(), value: z.unknown().optional() })

const model = z.object({ model_id: z.string().max(MAX_NAME).optional() })

const inference = model.extend({
  image: z.union([reference, boundedList(reference, MAX_IMAGES).refine(({ length }) => length > 0, EXPECTED_IMAGE)], EXPECTED_IMAGE),
  confidence: threshold.default(DEFAULTS.confidence),
  iou_threshold: threshold.default(DEFAULTS.overlap),
  max_detections: maxDetections.default(DEFAULTS.maxDetections),
  class_filter: boundedList(z.string().max(MAX_NAME), 256).optional(),
  class_agnostic_nms: z.literal(false, 'not supported').optional(),
  visualize_predictions: z.boolean().default(false)
})

/** Values from 1 are percent. */
const fraction = z.coerce.number().min(0).max(100).transform(value => value >= 1 ? value / 100 : value)

const legacyQuery = z.object({
  confidence: fraction.default(DEFAULTS.confidence),
  overlap: fraction.default(DEFAULTS.overlap),
  max_detections: z.coerce.number().pipe(maxDetections).default(DEFAULTS.maxDetections),
  format: z.enum(['json', 'image', 'image_and_json']).default('json'),
  image: z.undefined('URLs are not fetched; send the image itself').optional()
})

/** POST /infer/object_detection. @throws ApiError INVALID_PARAMETER */
export function readInference (body: JsonObject): Inference {
  const { image, class_filter: classes = [], ...parameters } = checked(inference, withoutNulls(body))
  const options = {
    scoreThreshold: parameters.confidence,
    iouThreshold: parameters.iou_threshold,
    maxDetections: parameters.max_detections,
    classes: classes.length > 0 ? classes.join() : undefined
  }
  const images = [image].flat().map(fromReference)
  return { images, isList: Array.isArray(image), modelId: parameters.model_id, options, isDrawn: parameters.visualize_predictions }
}

/** The model of POST /model/add; the default if omitted. @throws ApiError INVALID_PARAMETER */
export const readModelId = (body: JsonObject): string | undefined => checked(model, withoutNulls(body)).model_id

/** POST /{dataset}/{version}: parameters in the query. @throws ApiError INVALID_PARAMETER */
export function readLegacyQuery (query: unknown): LegacyQuery {
  const { confidence, overlap, max_detections: maxDetections, format } = checked(legacyQuery, query)
  return { options: { scoreThreshold: confidence, iouThreshold: overlap, maxDetections }, format }
}

/**
 * POST /{dataset}/{version}: the body is base64 of any content type, an image, or a form.
 * @throws ApiError EMPTY_BODY, INVALID_PARAMETER, MALFORMED_REQUEST
 */
export function readLegacyImage (body: Uint8Array, contentType: string | undefined): Uint8Array {
  if (isForm(contentType)) return fromForm(parseForm(body, contentType!)).images[0]!
  if (body.length === 0) throw new ApiError('EMPTY_BODY', 'The request has no body: send an image as base64')
  return isImage(body) ? body : decodeBase64(decodeText(body), 'body')
}

function fromReference ({ type, value }: z.output<typeof reference>): Uint8Array {
  if (type === 'base64') return decodeBase64(value, 'image')
  const expected = type === 'url' ? 'URLs are not fetched; send base64' : 'expected the type base64'
  throw new ApiError('INVALID_PARAMETER', `image: ${expected}`)
}

/** Python clients send null for unset options. */
const withoutNulls = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
