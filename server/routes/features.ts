import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { totalBytes } from '../../engine/chunks.ts'
import type { FileFormat } from '../../engine/results.ts'
import { acceptedType } from '../accept.ts'
import { acquire } from '../acquire.ts'
import { targetOf } from '../cam-target.ts'
import { readSingle } from '../body/upload.ts'
import { errorReplies } from '../error-replies.ts'
import { chooseWithin } from '../feature-limits.ts'
import { parseParameters } from '../parameters.ts'
import { decodeOptions, type Service } from '../recognize.ts'
import { featuresParameters, featuresReply, optionsOf, reduceMode } from '../schemas.ts'
import { imageRoute } from './image-route.ts'

/** The media type of each format, also for Accept: of formats that share one, the first. The first of all is the default. */
const MEDIA_TYPES: Record<FileFormat, string> = {
  npz: 'application/x-npz',
  npy: 'application/x-npy',
  safetensors: 'application/x-safetensors',
  maps: 'application/x-safetensors',
  json: 'application/json',
  png: 'image/png',
  overlay: 'image/jpeg'
}

const schema = {
  operationId: 'features',
  tags: ['Images'],
  summary: 'Get the activations of layers for an image',
  description: `Formats: ${Object.entries(MEDIA_TYPES).map(([format, type]) => `${format} (${type})`).join(', ')}.`,
  querystring: featuresParameters,
  response: {
    200: {
      description: 'Arrays for programs, pictures for people',
      content: Object.fromEntries(Object.entries(MEDIA_TYPES).map(([format, type]) =>
        [type, { schema: format === 'json' ? featuresReply : z.file() }]))
    },
    ...errorReplies('image', ['UNKNOWN_LAYER', 'NOT_ACCEPTABLE', 'REPLY_TOO_LARGE', 'NOT_DETECTED', 'NO_GRADIENTS'])
  }
}

/** POST /features: layers' activations for an image, as arrays or pictures, and the objects of the same forward pass. */
export async function featuresRoute (app: FastifyInstance, service: Service): Promise<void> {
  imageRoute(app, service.engine, { url: '/features', task: 'features', schema }, async (request, reply) => {
    const { image: bytes, parameters } = await readSingle(request)
    const { precision, ...query } = parseParameters(featuresParameters, request.query, parameters)
    const format = query.format ?? formatOf(acceptedType(request, Object.values(MEDIA_TYPES)))
    app.featureReplies.check()
    const { lease, wait } = await acquire(service, 'features', request, query.model)
    try {
      const { maxPixels, maxFeatureBytes } = service.limits
      const { name, labels } = lease.model
      const rendering = { format, values: query.values, channels: query.channels, reduce: reduceMode(query.reduce) }
      const layers = chooseWithin(maxFeatureBytes, query.layers, lease.model, rendering)
      const options = decodeOptions(optionsOf(query), labels)
      const target = targetOf(rendering, query.for, labels)
      const output = await lease.run({ bytes, maxPixels, options, layers, rendering, precision, target }, wait)
      const { body, image: { width, height }, objects, times } = output
      const sent = { format, layers: layers.length, bytes: totalBytes(body) }
      app.featureReplies.count(request, reply, sent.bytes)
      request.record.runs.push({ task: 'features', model: name, image: { width, height }, times, objects: objects.map(({ label }) => label), ...sent })
      return reply.type(MEDIA_TYPES[format]).header('content-length', sent.bytes).send(Readable.from(body))
    } finally {
      lease.release()
    }
  })
}

const formatOf = (mediaType: string): FileFormat =>
  Object.entries(MEDIA_TYPES).find(([, type]) => type === mediaType)![0] as FileFormat
