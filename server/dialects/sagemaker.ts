import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Bytes } from '../../engine/chunks.ts'
import { toReply } from '../../engine/reply.ts'
import { isImage } from '../../engine/image/sniff.ts'
import { decodeBase64 } from '../body/base64.ts'
import { looksLikeObject } from '../body/json.ts'
import { MAX_IMAGES, readUpload, type Upload } from '../body/upload.ts'
import { checkModel } from '../acquire.ts'
import { ApiError } from '../errors.ts'
import { inLanes } from '../in-lanes.ts'
import { parseParameters } from '../parameters.ts'
import { recognize } from '../recognize.ts'
import { detectParameters, optionsOf } from '../schemas.ts'
import type { Dialect } from './dialect.ts'
import { imageOrFailure } from './image-or-failure.ts'
import { jsonBody } from '../body/json-body.ts'

const INSTANCES = `instances: expected a list of at most ${MAX_IMAGES} {"b64": "…"}`

const parametersSchema = detectParameters.omit({ features: true, reduce: true, format: true, image_id: true })
const instancesSchema = z.array(z.object({ b64: z.string() })).min(1).max(MAX_IMAGES)

/**
 * SageMaker's interface for containers: GET /ping and POST /invocations. It answers like POST /detect; a batch as
 * `predictions`. https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const sagemaker: Dialect = {
  name: 'sagemaker',
  prefix: '',
  routes (scope, service) {
    scope.get('/ping', { config: { keys: 'none' } }, async () => {
      checkModel(service.engine, undefined, 'detect')
      return { status: 'Healthy' }
    })
    scope.post('/invocations', { config: { task: 'detect' } }, async request => {
      const { images, isBatch, parameters } = await readInvocation(request)
      const { model, ...rest } = parseParameters(parametersSchema, request.query, parameters)
      const detect = async (image: Bytes) => {
        const found = await recognize(service, request, { image, model, options: optionsOf(rest) })
        return toReply(found.model, found.output)
      }
      if (!isBatch) return await detect(images[0]!)
      const detectOrFail = async (image: Bytes) =>
        await imageOrFailure<object>(request, async () => await detect(image), toError)
      return { predictions: await inLanes(images, service.limits.lanes, detectOrFail) }
    })
  },
  toError: failure => ({ status: failure.statusCode, body: failure.toJSON() })
}

const toError = (failure: ApiError) => ({ error: failure.toJSON() })

/** Accepts what POST /detect accepts, and TensorFlow Serving's `{"instances": [{"b64": "…"}]}`. */
async function readInvocation (request: FastifyRequest): Promise<Upload> {
  const body = await request.server.bodies.read(request)
  if (isImage(body) || !looksLikeObject(body)) return await readUpload(request)
  const { instances, ...parameters } = await jsonBody(request)
  if (instances === undefined) return await readUpload(request)
  const parsed = instancesSchema.safeParse(instances)
  if (!parsed.success) throw new ApiError('INVALID_PARAMETER', INSTANCES)
  const images = parsed.data.map(({ b64 }, i) => decodeBase64(b64, `instances[${i}].b64`))
  return { images, isBatch: true, parameters }
}
