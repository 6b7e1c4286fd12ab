import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Detector } from '../../detector/detector.ts'
import type { DetectorStore } from '../../detector/detector-store.ts'
import { toReply } from '../../detector/reply.ts'
import { classIds } from '../../models/labels.ts'
import { ApiError } from '../errors.ts'
import { readImage } from '../plugins/image-body.ts'
import { detectQuery, detectReply, errorReply } from '../schemas.ts'

export interface DetectRouteOptions { store: DetectorStore, maxPixels: number }

/** POST /detect: the objects in an image. */
export const detectRoute: FastifyPluginAsyncZod<DetectRouteOptions> = async (app, { store, maxPixels }) => {
  const schema = {
    summary: 'Find objects in an image',
    description: 'The body is the image (JPEG, PNG, WebP, AVIF, GIF or TIFF), or a form with a file part named image.',
    querystring: detectQuery,
    response: { 200: detectReply, '4xx': errorReply, '5xx': errorReply }
  }
  app.post('/detect', { schema, config: { imageBody: true } }, async request => {
    const { query } = request
    const detector = chooseDetector(store, query.model)
    const options = {
      scoreThreshold: query.score_threshold,
      iouThreshold: query.iou_threshold,
      maxDetections: query.max_detections,
      classes: query.classes === undefined ? undefined : classIds(query.classes, detector.config.labels)
    }
    const result = await detector.detect(await readImage(request), { ...options, maxPixels })
    const reply = toReply(detector.config, result)
    request.logFields = { model: reply.model, image: reply.image, objects: reply.detections.length, timing: reply.timing }
    return reply
  })
}

/** @throws ApiError MODEL_NOT_FOUND, or NOT_READY where the model is known but not loaded yet */
export function chooseDetector (store: DetectorStore, name = store.configs[0]!.name): Detector {
  const detector = store.get(name)
  if (detector) return detector
  if (store.configs.some(config => config.name === name)) throw new ApiError('NOT_READY', 'The server is still loading its models: try again')
  throw new ApiError('MODEL_NOT_FOUND', `There is no model ${name}; GET /models lists them`)
}
