import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { checkModel } from '../../acquire.ts'
import { decodeBase64 } from '../../body/base64.ts'
import { ApiError } from '../../errors.ts'
import { inLanes } from '../../in-lanes.ts'
import { recognize } from '../../recognize.ts'
import { basicKey } from '../basic-auth.ts'
import { boundedList } from '../bounded.ts'
import { checked } from '../checked.ts'
import type { Dialect } from '../dialect.ts'
import { imageOrFailure } from '../image-or-failure.ts'
import { jsonBody } from '../../body/json-body.ts'
import { parseLabelConfig, type LabelConfig } from './label-config.ts'
import { toPrediction, type Prediction } from './prediction.ts'

/** Maximum number of tasks per request; Label Studio sends 100. */
const MAX_TASKS = 1000

const predictRequest = z.object({
  tasks: boundedList(z.object({ data: z.record(z.string(), z.unknown()) }), MAX_TASKS),
  label_config: z.string('expected the labeling configuration')
})

/** Result of a task whose image can't be used: Label Studio expects a list per task. */
interface Failed { readonly result: [], readonly score: 0, readonly error: string }

/**
 * Label Studio's ML backend for boxes on images.
 * https://github.com/HumanSignal/label-studio-ml-backend/blob/master/label_studio_ml/api.py
 */
export const labelStudio: Dialect = {
  name: 'label-studio',
  prefix: '/label-studio',
  keyOf: basicKey,
  routes (scope, service) {
    const { engine } = service
    for (const url of ['/', '/health']) {
      scope.get(url, async () => {
        checkModel(engine, undefined, 'detect')
        return { status: 'UP', model_class: engine.find(undefined, 'detect').name }
      })
    }
    scope.post('/setup', async () => {
      checkModel(engine, undefined, 'detect')
      return { model_version: engine.find(undefined, 'detect').name }
    })
    for (const url of ['/train', '/webhook']) {
      scope.post(url, async (_request, reply) => await reply.code(201).send({})) // training is not supported
    }
    scope.post('/predict', { config: { task: 'detect' } }, async request => {
      const { tasks, config } = await readRequest(request)
      const results = await inLanes(tasks, service.limits.lanes, async data => await predict(request, data, config))
      const [failure, ...others] = request.record.failures
      if (failure && others.length + 1 === tasks.length) throw failure
      return { results, model_version: engine.find(undefined, 'detect').name }
    })

    const predict = async (request: FastifyRequest, data: Readonly<Record<string, unknown>>, config: LabelConfig) =>
      await imageOrFailure<Prediction | Failed>(request, async () => {
        const { output } = await recognize(service, request, { image: imageIn(data, config) })
        return toPrediction(output, config)
      }, ({ message }) => ({ result: [], score: 0, error: message }))
  },
  toError: ({ statusCode, message }) => ({ status: statusCode, body: { error: message } })
}

async function readRequest (request: FastifyRequest) {
  const { tasks, label_config: xml } = checked(predictRequest, await jsonBody(request))
  const config = parseLabelConfig(xml)
  if (!config) throw new ApiError('INVALID_PARAMETER', 'label_config: expected an Image and RectangleLabels for it, with names of at most 256 characters')
  return { tasks: tasks.map(({ data }) => data), config }
}

/** @throws ApiError UNSUPPORTED_IMAGE if the task has a URL */
function imageIn (data: Readonly<Record<string, unknown>>, { imageKey }: LabelConfig): Uint8Array {
  const image = Object.hasOwn(data, imageKey) ? data[imageKey] : undefined
  if (typeof image === 'string' && /^data:/i.test(image)) return decodeBase64(image, `data.${imageKey}`)
  throw new ApiError('UNSUPPORTED_IMAGE', `data.${imageKey}: expected a data URL; images are not fetched from URLs`)
}
