import type { FastifyRequest } from 'fastify'
import { rounded } from '../../../engine/numbers.ts'
import type { DetectedObject } from '../../../engine/results.ts'
import type { ApiError, ErrorCode } from '../../errors.ts'
import type { ErrorReply } from '../../plugins/errors.ts'
import type { Recognized } from '../../recognize.ts'
import { VERSION } from '../../version.ts'

/** Maximum number of labels in the message. */
const MAX_NAMED = 3
const SERVER = { moduleId: 'nanodet-server', moduleName: 'nanodet-server', processedBy: 'localhost' }
const DEVICE = { inferenceDevice: 'CPU', executionProvider: 'CPU', canUseGPU: false }
/** DeepStack's error messages. */
const KNOWN: Partial<Record<ErrorCode, string>> = {
  UNAUTHORIZED: 'Incorrect api key',
  EMPTY_BODY: 'No valid image file found'
}
/** DeepStack has one reply for both. */
const INVALID_IMAGE: readonly ErrorCode[] = ['UNSUPPORTED_IMAGE', 'CORRUPT_IMAGE']

/** The replies of DeepStack and CodeProject.AI combined, so that every client finds its keys. Times are in ms. */
export function toDetection (request: FastifyRequest, { output: { objects, times } }: Recognized) {
  const total = Math.round(times.total)
  return {
    success: true,
    message: messageOf(objects),
    count: objects.length,
    predictions: objects.map(toPrediction),
    duration: 0, // as in DeepStack
    inferenceMs: Math.round(times.inference),
    processMs: total,
    analysisRoundTripMs: total,
    ...about(request, 'detect')
  }
}

/** Names of models for POST /v1/vision/custom/{model}. */
export const toModelList = (request: FastifyRequest, models: readonly string[]) =>
  ({ success: true, models, statusData: null, analysisRoundTripMs: 0, ...about(request, 'list') })

export const toPing = () =>
  ({ success: true, message: VERSION, version: versionParts(), code: 200, hostname: SERVER.processedBy })

/** Reports that no update is available; makes no request. */
export const toUpdate = () => ({
  success: true,
  message: 'You have the latest version',
  version: null,
  current: versionParts(),
  latest: versionParts(),
  updateAvailable: false
})

/**
 * DeepStack's error replies, without `predictions`. Clients that read these unconditionally raise on the status first.
 * Frigate ignores the status, and logs the error only if they are missing.
 */
export function toError ({ code, statusCode, message }: ApiError): ErrorReply {
  if (INVALID_IMAGE.includes(code)) return reply(400, `invalid image file: ${message}`)
  return reply(statusCode, KNOWN[code] ?? message)
}

/** Whole pixels of the sent image. Labels are in lower case, because HASS-Deepstack-object compares them so. */
function toPrediction ({ label, score, box: [x1, y1, x2, y2] }: DetectedObject) {
  const [xMin, yMin, xMax, yMax] = [x1, y1, x2, y2].map(Math.round)
  const corners = { x_min: xMin, y_min: yMin, x_max: xMax, y_max: yMax }
  return { confidence: rounded(score, 4), label: label.toLowerCase(), ...corners }
}

function messageOf (objects: readonly DetectedObject[]): string {
  if (objects.length === 0) return 'No objects found'
  const named = objects.slice(0, MAX_NAMED).map(({ label }) => label.toLowerCase()).join(', ')
  return `Found ${named}${objects.length > MAX_NAMED ? '...' : ''}`
}

const about = (request: FastifyRequest, command: string) =>
  ({ ...SERVER, ...DEVICE, code: 200, command, requestId: request.id, timestampUTC: new Date().toUTCString() })

function versionParts () {
  const [major, minor, patch] = VERSION.split('.').map(part => Number.parseInt(part))
  return { major, minor, patch, preRelease: '', securityUpdate: false, build: 0, file: '', releaseNotes: '' }
}

const reply = (status: number, error: string): ErrorReply => ({ status, body: { success: false, error, duration: 0 } })
