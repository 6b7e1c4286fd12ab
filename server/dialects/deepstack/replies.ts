import type { FastifyRequest } from 'fastify'
import { rounded } from '../../../engine/numbers.ts'
import type { DetectedObject } from '../../../engine/results.ts'
import type { Recognized } from '../../recognize.ts'
import { VERSION } from '../../version.ts'

/** Labels that the message names. */
const MAX_NAMED = 3
const SERVER = { moduleId: 'nanodet-server', moduleName: 'nanodet-server', processedBy: 'localhost' }
const DEVICE = { inferenceDevice: 'CPU', executionProvider: 'CPU', canUseGPU: false }

/** What DeepStack and CodeProject.AI answer, in one: every client finds the keys that it reads. Times are whole milliseconds. */
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

/** There never is an update: nobody is asked for one. */
export const toUpdate = () => ({
  success: true,
  message: 'You have the latest version',
  version: null,
  current: versionParts(),
  latest: versionParts(),
  updateAvailable: false
})

/** Whole pixels of the image that was sent. Labels are in lower case: HASS-Deepstack-object compares them as they are. */
function toPrediction ({ label, score, box: [x1, y1, x2, y2] }: DetectedObject) {
  const [xMin, yMin, xMax, yMax] = [x1, y1, x2, y2].map(Math.round)
  return { confidence: rounded(score, 4), label: label.toLowerCase(), x_min: xMin, y_min: yMin, x_max: xMax, y_max: yMax }
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
