import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Deployment } from '../../../engine/models/deployment.ts'
import { rounded } from '../../../engine/numbers.ts'
import type { DetectedObject } from '../../../engine/results.ts'
import type { Box } from '../../../head/decode/boxes.ts'
import { ApiError } from '../../errors.ts'
import type { ErrorReply } from '../../plugins/errors.ts'
import { recognize, type Recognized, type Service } from '../../recognize.ts'
import { detectors } from '../detectors.ts'
import type { Dialect } from '../dialect.ts'
import { readImageForm } from '../image-form.ts'
import { readCredentials, toToken } from './login.ts'
import { isKept, parseZones, type Zone } from './zones.ts'

/** pyzm's detection server (pyzm/serve/app.py), for ZoneMinder's zm_detect. */
export const zoneminder: Dialect = { name: 'zoneminder', prefix: '/zoneminder', routes, toError }

function routes (scope: FastifyInstance, service: Service): void {
  const { engine } = service
  const open = { config: { keys: 'none' } } as const
  scope.post('/detect', { config: { task: 'detect' } }, async request => await detect(service, request))
  scope.post('/detect_urls', async () => {
    throw new ApiError('INVALID_PARAMETER', 'URLs are not fetched: let pyzm send the images (ml_gateway_mode: image)')
  })
  scope.post('/login', open, async request => await login(request))
  scope.get('/health', open, async () => ({ status: 'ok', models_loaded: engine.isReady }))
  scope.get('/models', async () => ({ models: detectors(engine).map(toModel) }))
}

async function detect (service: Service, request: FastifyRequest) {
  const { image, fields } = await readImageForm(request, 'file')
  if (!image) throw new ApiError('EMPTY_BODY', 'Empty file: send the image as the part file of a form')
  const zones = fields['zones'] ? parseZones(fields['zones']) : []
  return toReply(await recognize(service, request, { image }), zones)
}

/** The key is the token, valid as long as the server has the key. */
async function login (request: FastifyRequest) {
  const key = await readCredentials(request)
  await request.server.checkKey(request, key)
  return toToken(key)
}

/** As DetectionResult.to_dict writes it, in whole pixels. Error boxes belong to objects that no zone matches. */
function toReply ({ model, output: { image, objects } }: Recognized, zones: readonly Zone[]) {
  const found = objects.map(object => ({ ...object, box: toPixels(object) }))
  const kept = found.filter(object => isKept(object, zones))
  return {
    labels: kept.map(({ label }) => label),
    boxes: kept.map(({ box }) => box),
    confidences: kept.map(({ score }) => rounded(score, 4)),
    model_names: kept.map(() => model),
    frame_id: 'single',
    image_dimensions: { original: [image.height, image.width], resized: null },
    error_boxes: found.filter(object => !kept.includes(object)).map(({ box }) => box),
    polygons: []
  }
}

const toPixels = ({ box: [x1, y1, x2, y2] }: DetectedObject): Box =>
  [Math.round(x1), Math.round(y1), Math.round(x2), Math.round(y2)]

const toModel = ({ name, version }: Deployment) =>
  ({ name, type: 'object', framework: 'onnxruntime', loaded: version !== undefined })

/** Errors in FastAPI's form. */
function toError ({ code, statusCode, message }: ApiError): ErrorReply {
  const detail = code === 'UNAUTHORIZED' ? 'Invalid credentials: log in with a key as password' : message
  return { status: statusCode, body: { detail } }
}
