import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { totalBytes } from '../../engine/chunks.ts'
import { ImageError } from '../../engine/errors.ts'
import { toReply } from '../../engine/reply.ts'
import type { Chunks } from '../../engine/results.ts'
import { acquire } from '../acquire.ts'
import { readUpload, type Upload } from '../body/upload.ts'
import { ApiError, toApiError } from '../errors.ts'
import { chooseWithin } from '../feature-limits.ts'
import { inLanes } from '../in-lanes.ts'
import { parseParameters } from '../parameters.ts'
import { decodeOptions, recognize, type Service } from '../recognize.ts'
import { detectParameters, detectReplyWithFeatures, errorReply, optionsOf, reduceMode } from '../schemas.ts'
import { imageRoute } from './image-route.ts'

type Parameters = z.output<typeof detectParameters>

/** POST /detect: the objects in an image or in several, and on request how layers responded to it. */
export async function detectRoute (app: FastifyInstance, service: Service): Promise<void> {
  const schema = {
    summary: 'Find objects in an image',
    description: 'The body is the image, a form, or JSON. Parameters go into the query, the form or the JSON object.',
    querystring: detectParameters,
    response: { 200: detectReplyWithFeatures, '4xx': errorReply, '5xx': errorReply }
  }
  imageRoute(app, service.engine, { url: '/detect', task: 'detect', schema }, async (request, reply) => {
    const upload = await readUpload(request)
    const parameters = parseParameters(detectParameters, request.query, upload.parameters)
    if (parameters.features !== undefined) return await detectWithFeatures(request, upload, parameters, reply)
    if (upload.isBatch) return await detectAll(request, upload.images, parameters)
    return await detect(request, upload.images[0]!, parameters)
  })

  async function detect (request: FastifyRequest, image: Uint8Array, { model, ...parameters }: Parameters) {
    const found = await recognize(service, request, { image, model, options: optionsOf(parameters) })
    return toReply(found.model, found.output)
  }

  async function detectAll (request: FastifyRequest, images: readonly Uint8Array[], parameters: Parameters) {
    return { results: await inLanes(images, service.limits.lanes, image => detectOrFail(request, image, parameters)) }
  }

  /** What is wrong with one image of a batch, or with its run, is answered in its place; what is wrong with the request is thrown. */
  async function detectOrFail (request: FastifyRequest, image: Uint8Array, parameters: Parameters) {
    return await detect(request, image, parameters).catch((error: unknown) => {
      const failure = toApiError(error)
      if (failure.statusCode < 500 && !(error instanceof ImageError)) throw error
      request.record.failures.push(failure)
      return { error: failure.toJSON() }
    })
  }

  /** The report comes from the worker as JSON, and goes into the reply as it is. */
  async function detectWithFeatures (
    request: FastifyRequest, { images, isBatch }: Upload, { model, features, ...parameters }: Parameters, reply: FastifyReply
  ) {
    if (isBatch) throw new ApiError('INVALID_PARAMETER', 'features: expected one image')
    app.featureReplies.check()
    const { lease, wait } = await acquire(service, 'inspect', request, model)
    try {
      const { name, labels } = lease.model
      const rendering = { format: 'report', values: false, channels: 0, reduce: reduceMode(parameters.reduce) } as const
      const layers = chooseWithin(service.limits.maxFeatureBytes, features!, lease.model, rendering)
      const input = { bytes: images[0]!, maxPixels: service.limits.maxPixels, options: decodeOptions(optionsOf(parameters), labels) }
      const output = await lease.run({ ...input, layers, rendering }, wait)
      const answer = toReply(name, output)
      app.featureReplies.count(request, reply, totalBytes(output.body))
      request.record.runs.push({ task: 'features', model: name, image: answer.image, times: output.times, objects: output.objects.map(({ label }) => label) })
      return reply.type('application/json; charset=utf-8').send(Readable.from(withFeatures(answer, output.body)))
    } finally {
      lease.release()
    }
  }
}

const withFeatures = (answer: object, features: Chunks): Uint8Array[] =>
  [Buffer.from(`${JSON.stringify(answer).slice(0, -1)},"features":`), ...features, Buffer.from('}\n')]
