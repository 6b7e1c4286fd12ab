import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Bytes } from '../../engine/chunks.ts'
import { ImageError } from '../../engine/errors.ts'
import { readUpload } from '../body/upload.ts'
import { errorReplies } from '../error-replies.ts'
import { toApiError } from '../errors.ts'
import { chooseFormat } from '../formats/choose-format.ts'
import { FORMATS, isPicture, type Format, type Writing } from '../formats/formats.ts'
import { sendFound } from '../formats/send.ts'
import { inLanes } from '../in-lanes.ts'
import { CSV, YOLO } from '../openapi/examples.ts'
import { parseParameters } from '../parameters.ts'
import { recognize, type Recognized, type Service } from '../recognize.ts'
import { detectParameters, detectReplies, optionsOf } from '../schemas.ts'
import { detectWithFeatures } from './detect-with-features.ts'
import { imageRoute } from './image-route.ts'

type Parameters = z.output<typeof detectParameters>

const text = (example: string) => ({ schema: z.string().meta({ examples: [example] }) })

const schema = {
  operationId: 'detect',
  tags: ['Images'],
  summary: 'Find objects in an image',
  description: 'The body is the image, a form, or JSON; several images are answered as a list. Parameters go into the query, the ' +
    'form or the JSON object. format, otherwise the Accept header, selects the format of the reply.',
  querystring: detectParameters,
  response: {
    200: {
      description: 'The detections, as JSON, text or a picture with boxes',
      content: {
        'application/json': { schema: detectReplies },
        'image/jpeg': { schema: z.file() },
        'image/png': { schema: z.file() },
        'text/csv': text(CSV),
        'text/plain': text(YOLO)
      }
    },
    ...errorReplies('image', ['UNKNOWN_LAYER', 'NOT_ACCEPTABLE', 'REPLY_TOO_LARGE', 'NOT_DETECTED', 'NO_GRADIENTS'])
  }
}

/** POST /detect: the objects in one image or several, in one of several formats; optionally with a report on layers. */
export async function detectRoute (app: FastifyInstance, service: Service): Promise<void> {
  imageRoute(app, service.engine, { url: '/detect', task: 'detect', schema }, async (request, reply) => {
    const upload = await readUpload(request)
    const parameters = parseParameters(detectParameters, request.query, upload.parameters)
    const format = chooseFormat(request, { ...parameters, isBatch: upload.isBatch })
    if (parameters.features !== undefined) return await detectWithFeatures(service, request, reply, { upload, parameters })
    if (upload.isBatch) return await detectBatch(request, reply, upload.images, parameters, format as Writing)
    const found = await find(request, upload.images[0]!, parameters, format)
    return sendFound(request, reply, format, found, parameters.image_id)
  })

  async function find (
    request: FastifyRequest, image: Bytes, { model, ...parameters }: Parameters, format: Format
  ): Promise<Recognized> {
    const recognition = { image, model, options: optionsOf(parameters) }
    if (!isPicture(format)) return await recognize(service, request, recognition)
    app.featureReplies.check()
    return await recognize(service, request, { ...recognition, drawing: format.drawing })
  }

  async function detectBatch (
    request: FastifyRequest, reply: FastifyReply, images: readonly Bytes[], parameters: Parameters, format: Writing
  ) {
    const numbered = images.map((image, i) => ({ image, id: parameters.image_id + i }))
    const results = await inLanes(numbered, service.limits.lanes, ({ image, id }) => find(request, image, parameters, format)
      .then(found => format.write(found, id))
      .catch(error => failedImage(request, error)))
    const [refused, ...more] = request.record.failures.filter(({ code }) => code === 'OVERLOADED')
    if (refused && more.length === images.length - 1) throw refused
    if (format === FORMATS.json) return { results }
    return reply.type('application/json; charset=utf-8').send(JSON.stringify({ results }))
  }
}

/** The result of a failed image in a batch. @throws errors of the whole request */
function failedImage (request: FastifyRequest, error: unknown) {
  const failure = toApiError(error)
  if (failure.statusCode < 500 && !(error instanceof ImageError)) throw error
  request.record.failures.push(failure)
  return { error: failure.toJSON() }
}
