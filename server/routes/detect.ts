import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { DetectResult } from '../../engine/detector.ts'
import type { DetectorStore } from '../../engine/engine.ts'
import { toReply } from '../../engine/reply.ts'
import { detectOptions, reduceMode, useDetector } from '../detect-options.ts'
import { chooseWithin } from '../feature-limits.ts'
import { readImage } from '../plugins/image-body.ts'
import { detectQuery, detectReplyWithFeatures, errorReply } from '../schemas.ts'

export interface DetectRouteOptions { store: DetectorStore, maxPixels: number, maxFeatureBytes: number }

/** POST /detect: the objects in an image, and on request how layers responded to it. */
export const detectRoute: FastifyPluginAsyncZod<DetectRouteOptions> = async (app, { store, maxPixels, maxFeatureBytes }) => {
  const schema = {
    summary: 'Find objects in an image',
    description: 'The body is the image (JPEG, PNG, WebP, AVIF, GIF or TIFF), or a form with a file part named image.',
    querystring: detectQuery,
    response: { 200: detectReplyWithFeatures, '4xx': errorReply, '5xx': errorReply }
  }
  app.post('/detect', { schema, config: { imageBody: 'detect' } }, request => useDetector(store, request.query.model, async detector => {
    const { query } = request
    const options = detectOptions(query, detector, { maxPixels, signal: request.aborted })
    const rendering = { format: 'report', values: false, channels: 0, reduce: reduceMode(query.reduce) } as const
    const layers = query.features === undefined ? undefined : chooseWithin(maxFeatureBytes, query.features, detector, rendering)
    const bytes = await readImage(request)
    const result: DetectResult & { body?: Uint8Array } = layers
      ? await detector.features(bytes, layers, rendering, options)
      : await detector.detect(bytes, options)
    const reply = toReply(detector.config, result)
    const { model, image, detections } = reply
    request.record.run = { task: layers ? 'features' : 'detect', model, image, times: result.times, objects: detections.map(({ label }) => label) }
    return { ...reply, features: result.body && JSON.parse(Buffer.from(result.body).toString()) }
  }))
}
