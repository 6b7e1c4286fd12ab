import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { rounded } from '../../engine/numbers.ts'
import type { Deployment } from '../../engine/models/deployment.ts'
import type { DetectedObject } from '../../engine/results.ts'
import { checkModel } from '../acquire.ts'
import { decodeBase64 } from '../body/base64.ts'
import { recognize } from '../recognize.ts'
import { basicKey } from './basic-auth.ts'
import { checked } from './checked.ts'
import { detectors } from './detectors.ts'
import type { Dialect } from './dialect.ts'
import { jsonBody } from '../body/json-body.ts'

/** CVAT appends its port to the host, which ends in our prefix: `http://server:8080/nuclio:8070/api/functions`. */
const ROOTS = ['', ':port(^:\\d{1,5}$)']

const invocation = z.object({ image: z.unknown().optional(), threshold: z.number().min(0).max(1).nullish() })

/**
 * Nuclio's dashboard as CVAT uses it: every detection model is a function.
 * https://github.com/cvat-ai/cvat/blob/develop/cvat/apps/lambda_manager/views.py
 */
export const nuclio: Dialect = {
  name: 'nuclio',
  prefix: '/nuclio',
  keyOf: basicKey,
  routes (scope, service) {
    const { engine } = service
    const image = { config: { task: 'detect' } } as const
    for (const root of ROOTS) {
      scope.get(`${root}/api/functions`, async request => {
        checkModel(engine, undefined, 'detect')
        return Object.fromEntries(detectors(engine).map(model => [model.name, toFunction(model, request)]))
      })
      scope.get(`${root}/api/functions/:name`, async request => {
        const { name } = request.params as { name: string }
        checkModel(engine, name, 'detect')
        return toFunction(engine.get(name), request)
      })
      scope.post(`${root}/api/function_invocations`, image, invoke)
      scope.post(`${root}/`, image, invoke)
    }

    async function invoke (request: FastifyRequest, reply: FastifyReply) {
      const { 'x-nuclio-function-name': model } = request.headers
      if (typeof model === 'string') checkModel(engine, model, 'detect')
      const { image: encoded, threshold } = checked(invocation, await jsonBody(request))
      const options = { scoreThreshold: threshold ?? undefined }
      const image = decodeBase64(encoded, 'image')
      const { output } = await recognize(service, request, { image, model: model?.toString(), options })
      return await reply.send(output.objects.map(toShape))
    }
  },
  toError: ({ statusCode, message }) => ({ status: statusCode, body: { error: message } })
}

function toFunction ({ name, info, state }: Deployment, { socket }: FastifyRequest) {
  const labels = [...new Set(info?.labels)] // CVAT refuses a function with a duplicate label
  const spec = JSON.stringify(labels.map((label, id) => ({ id, name: label, type: 'rectangle' })))
  return {
    metadata: { name, namespace: 'nuclio', annotations: { type: 'detector', name, framework: 'nanodet-server', spec } },
    spec: { description: `${info?.backbone ?? 'A network'} that detects ${labels.length} classes` },
    status: { state: state.name === 'failed' ? 'error' : 'ready', httpPort: socket.localPort }
  }
}

const toShape = ({ label, score, box }: DetectedObject) =>
  ({ label, confidence: rounded(score, 4), points: box.map(value => rounded(value, 2)), type: 'rectangle' })
