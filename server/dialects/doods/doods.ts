import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { DetectOutput, Drawing } from '../../../engine/results.ts'
import { checkModel } from '../../acquire.ts'
import { decodeBase64 } from '../../body/base64.ts'
import { ApiError, type ErrorCode } from '../../errors.ts'
import { PICTURES, type Picture } from '../../formats/formats.ts'
import { sendPicture } from '../../formats/send.ts'
import type { ErrorReply } from '../../plugins/errors.ts'
import { recognize, type Recognized, type Service } from '../../recognize.ts'
import { MAX_NAME } from '../../schemas.ts'
import { checked } from '../checked.ts'
import { detectors } from '../detectors.ts'
import type { Dialect } from '../dialect.ts'
import { jsonBody } from '../../body/json-body.ts'
import { isUniform, optionsFor, select, selectionSchema, type Candidate, type Selection } from './rules.ts'

/** Name of the default detector. */
const DEFAULT = 'default'
/** Codes that DOODS answers with 400. */
const BAD_REQUEST: readonly ErrorCode[] = ['MODEL_NOT_FOUND', 'UNSUPPORTED_IMAGE', 'CORRUPT_IMAGE']

const detectRequest = selectionSchema.extend({
  id: z.string().max(MAX_NAME).nullish(),
  detector_name: z.string().max(MAX_NAME).nullish(),
  data: z.unknown(),
  image: z.string().max(MAX_NAME).nullish(),
  preprocess: z.custom<[]>(steps => Array.isArray(steps) && steps.length === 0, 'preprocessing is not supported').nullish()
})

type DetectRequest = z.output<typeof detectRequest>

/** DOODS2 (api.py, doods.py), for Home Assistant's `doods` integration. */
export const doods: Dialect = { name: 'doods', prefix: '/doods', routes, toError, keyOf }

function routes (scope: FastifyInstance, service: Service): void {
  const image = { config: { task: 'detect' } } as const
  scope.get('/detectors', async () => ({ detectors: listDetectors(service) }))
  scope.post('/detect', image, async request => await detect(service, request))
  scope.post('/image', image, async (request, reply) => await draw(service, request, reply))
}

/** The default model comes first, as `default`. `width` and `height` are 0: any image size is accepted. */
function listDetectors ({ engine }: Service) {
  checkModel(engine, undefined, 'detect')
  const preferred = engine.find(undefined, 'detect')
  return [[DEFAULT, preferred] as const, ...detectors(engine).map(model => [model.name, model] as const)]
    .map(([name, { name: model, info }]) =>
      ({ name, type: 'onnx', model, labels: info?.labels ?? [], width: 0, height: 0 }))
}

async function detect (service: Service, request: FastifyRequest) {
  const asked = await readRequest(request)
  const { output } = await find(service, request, asked, pictureOf(asked.image)?.drawing)
  const image = output.body && { image: Buffer.concat(output.body).toString('base64') }
  return { ...(asked.id && { id: asked.id }), ...image, detections: toDetections(output, asked) }
}

async function draw (service: Service, request: FastifyRequest, reply: FastifyReply) {
  const asked = await readRequest(request)
  const picture = pictureOf(asked.image) ?? PICTURES.jpeg
  return sendPicture(request, reply, picture, await find(service, request, asked, picture.drawing))
}

const readRequest = async (request: FastifyRequest): Promise<DetectRequest> =>
  checked(detectRequest, await jsonBody(request))

async function find (
  service: Service, request: FastifyRequest, asked: DetectRequest, drawing?: Drawing
): Promise<Recognized> {
  if (drawing && !isUniform(asked)) {
    throw new ApiError('INVALID_PARAMETER', 'image: drawing supports neither regions nor a confidence for each label')
  }
  const image = decodeBase64(asked.data, 'data')
  const model = asked.detector_name && asked.detector_name !== DEFAULT ? asked.detector_name : undefined
  const options = optionsFor(asked, labelsOf(service, model))
  return await recognize(service, request, { image, model, options, drawing })
}

/** @throws ApiError MODEL_NOT_FOUND with DOODS' wording; what checkModel throws */
function labelsOf ({ engine }: Service, model: string | undefined): readonly string[] {
  if (model !== undefined && engine.isReady && !engine.models.some(({ name }) => name === model)) {
    throw new ApiError('MODEL_NOT_FOUND', `unknown detector name: ${model}`)
  }
  checkModel(engine, model, 'detect')
  return engine.find(model, 'detect').info?.labels ?? []
}

/** The requested drawing, if `image` names a format. */
function pictureOf (image: DetectRequest['image']): Picture | undefined {
  if (!image) return undefined
  return /png$/i.test(image) ? PICTURES.png : PICTURES.jpeg
}

function toDetections ({ image: { width, height }, objects }: DetectOutput, selection: Selection) {
  const candidates = objects.map(({ label, score, box: [x1, y1, x2, y2] }): Candidate =>
    ({ top: y1 / height, left: x1 / width, bottom: y2 / height, right: x2 / width, label, confidence: score * 100 }))
  return candidates.flatMap(candidate => {
    const selected = select(candidate, selection)
    return selected ? [{ ...candidate, ...selected }] : []
  })
}

function keyOf ({ headers }: FastifyRequest): string | undefined {
  const key = headers['doods-auth-key']
  return typeof key === 'string' && key !== '' ? key : undefined
}

function toError ({ code, statusCode, message }: ApiError): ErrorReply {
  return { status: BAD_REQUEST.includes(code) ? 400 : statusCode, body: { error: message } }
}
