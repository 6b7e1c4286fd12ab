import type { FastifyRequest } from 'fastify'
import type { Engine } from '../engine/engine.ts'
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import type { DetectOutput, Timed } from '../engine/results.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import { classIds } from '../models/labels.ts'
import { acquire } from './acquire.ts'
import type { Limits } from './limits.ts'

/** What routes and dialects work with. */
export interface Service { readonly engine: Engine, readonly limits: Limits }

/** An image, and what is asked about it. */
export interface Recognition {
  /** An image file. */
  readonly image: Uint8Array
  /** The default model where it is left out. */
  readonly model?: string | undefined
  /** Where one is left out, the default holds. */
  readonly options?: DetectionOptions
}

export interface DetectionOptions {
  /** Only objects with a higher score, 0 … 1. */
  readonly scoreThreshold?: number | undefined
  readonly iouThreshold?: number | undefined
  readonly maxDetections?: number | undefined
  /** Labels, comma-separated; all where it is left out. */
  readonly classes?: string | undefined
}

/** What was found, and by which model. Boxes are in pixels of the image as displayed. */
export interface Recognized {
  readonly model: string
  /** Those of the model, by class id. */
  readonly labels: readonly string[]
  readonly output: Timed<DetectOutput>
}

/**
 * Finds the objects in an image: what every route and dialect that detects translates to. The run is added to the request's record.
 * @throws ApiError NOT_READY; ImageError, LabelError, and what Engine.acquire and Lease.run throw
 */
export async function recognize (
  service: Service, request: FastifyRequest, { image, model, options = {} }: Recognition
): Promise<Recognized> {
  const { lease, wait } = await acquire(service, 'detect', request, model)
  try {
    const { name, labels } = lease.model
    const input = { bytes: image, maxPixels: service.limits.maxPixels, options: decodeOptions(options, labels) }
    const output = await lease.run(input, wait)
    const { image: { width, height }, objects, times } = output
    request.record.runs.push({ task: 'detect', model: name, image: { width, height }, times, objects: objects.map(({ label }) => label) })
    return { model: name, labels, output }
  } finally {
    lease.release()
  }
}

/** Options in the decoder's terms. @throws LabelError naming labels that the model does not have */
export function decodeOptions ({ classes, ...numbers }: DetectionOptions, labels: readonly string[]): DecodeOptions {
  const given = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined))
  return { ...DEFAULT_OPTIONS, ...given, classes: classes === undefined ? undefined : classIds(classes, labels) }
}
