import type { FastifyRequest } from 'fastify'
import { totalBytes, type Bytes } from '../engine/chunks.ts'
import type { Engine } from '../engine/engine.ts'
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import type { DetectOutput, Drawing, Timed } from '../engine/results.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import { classIds } from '../models/labels.ts'
import { acquire } from './acquire.ts'
import type { Limits } from './limits.ts'

/** Dependencies of routes and dialects. */
export interface Service { readonly engine: Engine, readonly limits: Limits }

/** An image and the options of its detection. */
export interface Recognition {
  /** An image file. */
  readonly image: Bytes
  /** The default model if omitted. */
  readonly model?: string | undefined
  /** Omitted options have their defaults. */
  readonly options?: DetectionOptions
  /** Also draw the objects: `output.body`. */
  readonly drawing?: Drawing | undefined
}

export interface DetectionOptions {
  /** Only objects with a higher score, 0 … 1. */
  readonly scoreThreshold?: number | undefined
  readonly iouThreshold?: number | undefined
  readonly maxDetections?: number | undefined
  /** Labels, comma-separated; all if omitted. */
  readonly classes?: string | undefined
}

/** Detections and their model. Boxes are in pixels of the image as displayed. */
export interface Recognized {
  readonly model: string
  /** The model's labels by class id. */
  readonly labels: readonly string[]
  readonly output: Timed<DetectOutput>
}

/**
 * Detects objects in an image: the use case of all routes and dialects that detect. Adds the run to the request's record.
 * @throws ApiError NOT_READY; ImageError, LabelError, and what Engine.acquire and Lease.run throw
 */
export async function recognize (
  service: Service, request: FastifyRequest, recognition: Recognition
): Promise<Recognized> {
  const { image, model, options = {}, drawing } = recognition
  const { lease, wait } = await acquire(service, 'detect', request, model)
  try {
    const { name, labels } = lease.model
    const input = { bytes: image, maxPixels: service.limits.maxPixels, options: decodeOptions(options, labels) }
    const output = await lease.run(drawing ? { ...input, drawing } : input, wait)
    const { image: { width, height }, times, body, batch } = output
    const objects = output.objects.map(({ label }) => label)
    const sent = drawing && { format: drawing.format, bytes: totalBytes(body ?? []) }
    request.record.runs.push({ task: 'detect', model: name, image: { width, height }, times, objects, batch, ...sent })
    return { model: name, labels, output }
  } finally {
    lease.release()
  }
}

/** Converts options to the decoder's. @throws LabelError naming unknown labels */
export function decodeOptions ({ classes, ...numbers }: DetectionOptions, labels: readonly string[]): DecodeOptions {
  const given = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined))
  return { ...DEFAULT_OPTIONS, ...given, classes: classes === undefined ? undefined : classIds(classes, labels) }
}
