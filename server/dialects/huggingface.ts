import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isImage, sniffFormat } from '../../engine/image/sniff.ts'
import { checkModel } from '../acquire.ts'
import { decodeBase64 } from '../body/base64.ts'
import { looksLikeObject, type JsonObject } from '../body/json.ts'
import { toHuggingFace } from '../formats/huggingface.ts'
import { recognize, type DetectionOptions } from '../recognize.ts'
import { checked } from './checked.ts'
import type { Dialect } from './dialect.ts'
import { jsonBody } from '../body/json-body.ts'

interface Asked { readonly image: Uint8Array, readonly options: DetectionOptions }

const jsonRequest = z.object({
  inputs: z.unknown().optional(),
  parameters: z.object({ threshold: z.number().min(0).max(1).nullish() }).nullish()
})

/**
 * Hugging Face's inference API for object detection, as @huggingface/inference and huggingface_hub call it.
 * https://huggingface.co/docs/inference-providers/tasks/object-detection
 */
export const huggingface: Dialect = {
  name: 'huggingface',
  prefix: '/huggingface',
  routes (scope, service) {
    const route = { config: { task: 'detect' } } as const
    scope.post('/', route, async request => await answer(request))
    scope.post('/models/:model', route, async request => {
      const { model } = request.params as { model: string }
      checkModel(service.engine, model, 'detect')
      return await answer(request, model)
    })

    async function answer (request: FastifyRequest, model?: string) {
      return toHuggingFace(await recognize(service, request, { model, ...await readRequest(request) }))
    }
  },
  /** @huggingface/inference retries 503 immediately and forever. */
  toError: ({ statusCode, message }) => ({ status: statusCode === 503 ? 429 : statusCode, body: { error: message } })
}

async function readRequest (request: FastifyRequest): Promise<Asked> {
  const body = await request.server.bodies.read(request)
  if (!isImage(body) && looksLikeObject(body)) return fromJson(await jsonBody(request))
  sniffFormat(body)
  return { image: body, options: {} }
}

function fromJson (body: JsonObject): Asked {
  const { inputs, parameters } = checked(jsonRequest, body)
  return { image: decodeBase64(inputs, 'inputs'), options: { scoreThreshold: parameters?.threshold ?? undefined } }
}
