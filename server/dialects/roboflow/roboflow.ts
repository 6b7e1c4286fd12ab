import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { rounded } from '../../../engine/numbers.ts'
import type { DetectedObject } from '../../../engine/results.ts'
import { checkModel } from '../../acquire.ts'
import { PICTURES } from '../../formats/formats.ts'
import { sendPicture } from '../../formats/send.ts'
import { inLanes } from '../../in-lanes.ts'
import { recognize, type Recognized } from '../../recognize.ts'
import type { Dialect } from '../dialect.ts'
import { jsonBody } from '../../body/json-body.ts'
import { modelOf, registry } from './models.ts'
import { readInference, readLegacyImage, readLegacyQuery, readModelId } from './requests.ts'

/** The key that Python clients without one send. */
const NO_KEYS: readonly unknown[] = ['None', 'null', '']

/**
 * Roboflow's inference server: version 1 of its API as inference_sdk calls it, and version 0 (an image as base64).
 * https://github.com/roboflow/inference/blob/main/inference_sdk/http/client.py
 */
export const roboflow: Dialect = {
  name: 'roboflow',
  prefix: '/roboflow',
  keyOf,
  routes (scope, service) {
    const { engine } = service
    const image = { config: { task: 'detect' } } as const
    scope.get('/model/registry', async () => registry(engine))
    scope.post('/model/add', async request => {
      checkModel(engine, modelOf(readModelId(await jsonBody(request))), 'detect')
      return registry(engine)
    })
    for (const url of ['/model/remove', '/model/clear']) scope.post(url, async () => registry(engine))
    scope.post('/infer/object_detection', image, async request => {
      const { images, isList, modelId, options, isDrawn } = readInference(await jsonBody(request))
      const asked = { model: modelOf(modelId), options, drawing: isDrawn ? PICTURES.jpeg.drawing : undefined }
      const detect = async (image: Uint8Array) => toReply(await recognize(service, request, { image, ...asked }))
      const replies = await inLanes(images, service.limits.lanes, detect)
      return isList ? replies : replies[0]
    })
    scope.post('/:dataset/:version', image, async (request, reply) => {
      const { dataset, version } = request.params as { dataset: string, version: string }
      const model = modelOf(`${dataset}/${version}`)
      checkModel(engine, model, 'detect')
      const { options, format } = readLegacyQuery(request.query)
      const body = await request.server.bodies.read(request)
      const image = readLegacyImage(body, request.raw.headers['content-type'])
      const found = await recognize(service, request, { image, model, options, drawing: format === 'json' ? undefined : PICTURES.jpeg.drawing })
      return format === 'image' ? sendPicture(request, reply, PICTURES.jpeg, found) : toReply(found)
    })
  },
  toError: ({ statusCode, message }) => ({ status: statusCode, body: { message } })
}

/** In the query, or in a JSON body. */
async function keyOf (request: FastifyRequest): Promise<string | undefined> {
  const { api_key: inQuery } = request.query as { api_key?: unknown }
  const body = inQuery === undefined ? await jsonBody(request).catch(() => undefined) : undefined
  const key = inQuery ?? body?.['api_key']
  return typeof key !== 'string' || NO_KEYS.includes(key) ? undefined : key
}

function toReply ({ output: { image: { width, height }, objects, times, body } }: Recognized) {
  const time = rounded(times.total / 1000, 4)
  const visualization = body && { visualization: Buffer.concat(body).toString('base64') }
  return { inference_id: randomUUID(), time, image: { width, height }, predictions: objects.map(toPrediction), ...visualization }
}

/** `x` and `y` are the box's center, in pixels. */
function toPrediction ({ label, classId, score, box: [x1, y1, x2, y2] }: DetectedObject) {
  return {
    x: rounded((x1 + x2) / 2, 2),
    y: rounded((y1 + y2) / 2, 2),
    width: rounded(x2 - x1, 2),
    height: rounded(y2 - y1, 2),
    confidence: rounded(score, 4),
    class: label,
    class_id: classId,
    detection_id: randomUUID()
  }
}
