import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LabelError } from '../../../models/labels.ts'
import { ApiError } from '../../errors.ts'
import { recognize, type Service } from '../../recognize.ts'
import { detectors } from '../detectors.ts'
import type { Dialect } from '../dialect.ts'
import { readImageForm } from '../image-form.ts'
import { readFields } from './fields.ts'
import { toDetection, toError, toModelList, toPing, toUpdate } from './replies.ts'

/** Frigate's maximum. */
const MAX_PREDICTIONS = 20

/**
 * DeepStack (server/server.go) and CodeProject.AI (ProxyController.cs).
 * For Frigate, HASS-Deepstack-object, Viseron, Agent DVR, Blue Iris, Node-RED and Shinobi.
 */
export const deepstack: Dialect = { name: 'deepstack', prefix: '/v1', routes, toError, keyOf }

function routes (scope: FastifyInstance, service: Service): void {
  const image = { config: { task: 'detect' } } as const
  scope.post('/vision/detection', image, async request => await detect(service, request))
  scope.post<{ Params: { model: string } }>('/vision/custom/:model', image, async request =>
    await detect(service, request, request.params.model))
  const list = async (request: FastifyRequest) =>
    toModelList(request, detectors(service.engine).map(({ name }) => name))
  scope.route({ method: ['GET', 'POST'], url: '/vision/custom/list', handler: list })
  for (const path of ['/status', '/server/status']) statusRoutes(scope, path)
}

/** Clients call these without a key. */
function statusRoutes (scope: FastifyInstance, path: string): void {
  const options = { config: { keys: 'none' } } as const
  scope.get(`${path}/ping`, options, async () => toPing())
  scope.get(`${path}/version`, options, async () => toPing())
  scope.get(`${path}/updateavailable`, options, async () => toUpdate())
}

async function detect (service: Service, request: FastifyRequest, model?: string) {
  const { image, fields } = await readImageForm(request, 'image')
  if (!image) throw new ApiError('EMPTY_BODY', 'The form has no file')
  const { minConfidence, labels } = readFields({ ...request.query as Record<string, unknown>, ...fields })
  const options = { scoreThreshold: minConfidence, maxDetections: MAX_PREDICTIONS, classes: labels }
  const found = await recognize(service, request, { image, model, options }).catch((error: unknown) => {
    throw error instanceof LabelError ? new ApiError('INVALID_PARAMETER', `labels: ${error.message}`) : error
  })
  return toDetection(request, found)
}

/** The form field `api_key`; clients without a key send it empty. */
async function keyOf (request: FastifyRequest): Promise<string | undefined> {
  const { fields } = await readImageForm(request, 'image')
  return fields['api_key'] || undefined
}
