import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Readable } from 'node:stream'
import { totalBytes } from '../../engine/chunks.ts'
import type { Engine } from '../../engine/engine.ts'
import type { FileFormat } from '../../engine/results.ts'
import { receive } from '../acquire.ts'
import { decodeOptions, reduceMode } from '../decode-options.ts'
import { ApiError } from '../errors.ts'
import { chooseWithin } from '../feature-limits.ts'
import type { Limits } from '../limits.ts'
import { errorReply, featuresQuery } from '../schemas.ts'

/** Characters of an Accept header that are read: how long that takes grows with their square. */
const MAX_ACCEPT = 1024

/** The media type that each format is sent as, and asked for by. The first is the default. */
const MEDIA_TYPES: Record<FileFormat, string> = {
  npz: 'application/x-npz',
  npy: 'application/x-npy',
  safetensors: 'application/x-safetensors',
  json: 'application/json',
  png: 'image/png',
  overlay: 'image/jpeg'
}

/** POST /features: layers' activations for an image, as arrays or as pictures, and what was found in the same forward pass. */
export const featuresRoute: FastifyPluginAsyncZod<{ engine: Engine, limits: Limits }> = async (app, { engine, limits }) => {
  const schema = {
    summary: 'Look at what layers make of an image',
    description: `Formats and their media types: ${Object.entries(MEDIA_TYPES).map(([format, type]) => `${format} (${type})`).join(', ')}.`,
    querystring: featuresQuery,
    produces: Object.values(MEDIA_TYPES),
    response: { 200: z.unknown(), '4xx': errorReply, '5xx': errorReply }
  }
  app.post('/features', { schema, config: { imageBody: 'inspect' } }, async (request, reply) => {
    const { query } = request
    const format = query.format ?? acceptedFormat(request)
    app.featureReplies.check()
    const { image, lease, wait } = await receive(engine, 'inspect', request, query.model, limits)
    try {
      const rendering = { format, values: query.values === 'true', channels: query.channels, reduce: reduceMode(query.reduce) }
      const layers = chooseWithin(limits.maxFeatureBytes, query.layers, lease.model, rendering)
      const { name, labels } = lease.model
      const output = await lease.run({ ...image, options: decodeOptions(query, labels), layers, rendering }, wait)
      const { body, image: { width, height }, objects, times } = output
      const sent = { format, layers: layers.length, bytes: totalBytes(body) }
      app.featureReplies.count(request, reply, sent.bytes)
      request.record.run = { task: 'features', model: name, image: { width, height }, times, objects: objects.map(({ label }) => label), ...sent }
      return reply.type(MEDIA_TYPES[format]).header('content-length', sent.bytes).send(Readable.from(body))
    } finally {
      lease.release()
    }
  })
}

/** @throws ApiError NOT_ACCEPTABLE where the Accept header leaves no format, or is too long */
function acceptedFormat (request: FastifyRequest): FileFormat {
  const { accept = '' } = request.headers
  if (accept.length > MAX_ACCEPT) throw new ApiError('NOT_ACCEPTABLE', `Accept is longer than ${MAX_ACCEPT} characters: name a format instead`)
  const type = request.accepts().type(Object.values(MEDIA_TYPES))
  const format = Object.entries(MEDIA_TYPES).find(([, mediaType]) => mediaType === type)?.[0]
  if (format === undefined) throw new ApiError('NOT_ACCEPTABLE', `Accept allows none of ${Object.values(MEDIA_TYPES).join(', ')}`)
  return format as FileFormat
}
