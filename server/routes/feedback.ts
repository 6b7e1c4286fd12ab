import type { FastifyInstance, FastifyRequest } from 'fastify'
import { webcrypto } from 'node:crypto'
import { joined } from '../../engine/chunks.ts'
import { sniffFormat } from '../../engine/image/sniff.ts'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import { clipBox, type Size } from '../../head/decode/boxes.ts'
import { acquire, checkModel } from '../acquire.ts'
import { readPhotoOrParameters } from '../body/photo-or-parameters.ts'
import { errorReplies } from '../error-replies.ts'
import { ApiError } from '../errors.ts'
import { feedbackParameters, feedbackReply } from '../feedback-schemas.ts'
import type { FeedbackBox, FeedbackStore, Stored } from '../feedback/store.ts'
import { parseParameters } from '../parameters.ts'
import type { Service } from '../recognize.ts'
import { imageRoute } from './image-route.ts'

const schema = {
  operationId: 'sendFeedback',
  tags: ['Images'],
  summary: 'Store an image with corrected boxes, for training',
  description: 'The body is the image, as for POST /detect; or hash names one that is stored already. Images and boxes are stored in ' +
    'FEEDBACK_DIR, as a COCO data set. Without that setting, this is off. A second request for an image replaces its boxes.',
  querystring: feedbackParameters,
  response: { 200: feedbackReply, ...errorReplies('image', ['FEEDBACK_OFF', 'PHOTO_NOT_FOUND', 'FEEDBACK_FULL']) }
}

const PREFIX = 'sha256:'
/** The best detection is enough: the worker is asked whether the photo can be decoded, and for its size. */
const OPTIONS = { ...DEFAULT_OPTIONS, maxDetections: 1 }
/** Pixels of a box's sides that must lie on the photo. */
const MIN_SIDE = 1

/** Dependencies of the route. */
export interface FeedbackService extends Service {
  /** Left out if the server stores no feedback. */
  readonly feedback: FeedbackStore | undefined
}

/** What is known about a photo. */
interface Sent {
  readonly boxes: readonly FeedbackBox[]
  /** As the client gives it. */
  readonly sha256: string | undefined
  readonly model: string | undefined
}

/** What the reply is made of. */
interface Kept { readonly sha256: string, readonly size: Size, readonly stored: Stored }

/** POST /feedback: stores an image with its corrected boxes. */
export async function feedbackRoute (app: FastifyInstance, { feedback, ...service }: FeedbackService): Promise<void> {
  imageRoute(app, service.engine, { url: '/feedback', task: 'detect', schema }, async request => {
    if (!feedback) throw new ApiError('FEEDBACK_OFF', 'The server stores no feedback: its setting FEEDBACK_DIR is unset')
    const { image, parameters } = await readPhotoOrParameters(request)
    const { boxes, hash, model } = parseParameters(feedbackParameters, request.query, parameters)
    if (!boxes) throw new ApiError('INVALID_PARAMETER', 'boxes: expected what the photo shows; [] for nothing')
    if (model !== undefined) checkModel(service.engine, model, 'detect')
    const sent = { boxes, sha256: hash?.slice(PREFIX.length).toLowerCase(), model }
    const kept = image ? addPhoto(service, feedback, request, joined(image), sent) : replaceBoxes(feedback, sent)
    const { sha256, size, stored } = await kept
    request.record.feedback = stored
    return { hash: `${PREFIX}${sha256}`, image: size, ...stored }
  })
}

async function addPhoto (
  service: Service, feedback: FeedbackStore, request: FastifyRequest, bytes: Uint8Array, { boxes, model, sha256: given }: Sent
): Promise<Kept> {
  const format = sniffFormat(bytes)
  const sha256 = await sha256Of(bytes)
  if (given !== undefined && given !== sha256) throw new ApiError('INVALID_PARAMETER', `hash: the photo has ${PREFIX}${sha256}`)
  const size = await measure(service, request, bytes, model)
  return { sha256, size, stored: await feedback.add({ hash: sha256, format, bytes, size }, onPhoto(boxes, size), { model }) }
}

async function replaceBoxes (feedback: FeedbackStore, { boxes, sha256, model }: Sent): Promise<Kept> {
  if (sha256 === undefined) throw new ApiError('EMPTY_BODY', 'The request has no image: send one, or the hash of one that is stored')
  const { width, height } = feedback.sizeOf(sha256)
  return { sha256, size: { width, height }, stored: await feedback.replace(sha256, onPhoto(boxes, { width, height }), { model }) }
}

/** Decodes a photo in a worker, as a detection does. @returns its size as displayed @throws what `recognize` throws */
async function measure (service: Service, request: FastifyRequest, bytes: Uint8Array, model: string | undefined): Promise<Size> {
  const { lease, wait } = await acquire(service, 'detect', request, model)
  try {
    const input = { bytes, maxPixels: service.limits.maxPixels, options: OPTIONS }
    const { image: { width, height }, times, batch } = await lease.run(input, wait)
    request.record.runs.push({ task: 'feedback', model: lease.model.name, image: { width, height }, times, batch })
    return { width, height }
  } finally {
    lease.release()
  }
}

/** Boxes clipped to the photo. @throws ApiError INVALID_PARAMETER naming the first that lies outside */
function onPhoto (boxes: readonly FeedbackBox[], size: Size): FeedbackBox[] {
  const where = `pixels of the photo, which has ${size.width}×${size.height}`
  return boxes.map(({ label, box }, i) => {
    const [x1, y1, x2, y2] = clipBox(box, size)
    if (x2 - x1 >= MIN_SIDE && y2 - y1 >= MIN_SIDE) return { label, box: [x1, y1, x2, y2] }
    throw new ApiError('INVALID_PARAMETER', `boxes.${i}.box: expected ${where}`)
  })
}

/** Computed beside the event loop. */
const sha256Of = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex')
