import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { decodeBase64 } from '../../body/base64.ts'
import { recognize } from '../../recognize.ts'
import { boundedList } from '../bounded.ts'
import { checked } from '../checked.ts'
import type { Dialect } from '../dialect.ts'
import { jsonBody } from '../../body/json-body.ts'
import { AwsError, toAwsError } from './errors.ts'
import { toLabels } from './labels.ts'

const CONTENT_TYPE = 'application/x-amz-json-1.1'
const OPERATION = /^RekognitionService\.DetectLabels$/
const ACCESS_KEY = /^AWS4-HMAC-SHA256 Credential=([^/\s,]{1,256})\//
const MODEL_VERSION = '3.0'
/** Rekognition's defaults: number of labels, and percent. */
const MAX_LABELS = 1000
const MIN_CONFIDENCE = 55

const labelNames = boundedList(z.string().max(256), 100).nullish()

const detectLabels = z.object({
  Image: z.object({ Bytes: z.unknown().optional(), S3Object: z.unknown().optional() }),
  MaxLabels: z.int().min(0).nullish(),
  MinConfidence: z.number().min(0).max(100).nullish(),
  Settings: z.object({
    GeneralLabels: z.object({ LabelInclusionFilters: labelNames, LabelExclusionFilters: labelNames }).nullish()
  }).nullish()
})

/**
 * Amazon Rekognition's DetectLabels, as the AWS SDKs call it. The access key's id is the key; signatures are not
 * verified.
 * https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectLabels.html
 */
export const aws: Dialect = {
  name: 'aws',
  prefix: '/aws',
  keyOf: ({ headers }) => ACCESS_KEY.exec(headers.authorization ?? '')?.[1],
  routes (scope, service) {
    scope.addHook('onSend', async (request, reply) => {
      reply.type(CONTENT_TYPE).header('x-amzn-requestid', request.id)
    })
    scope.post('/', { config: { task: 'detect' } }, async request => {
      checkOperation(request)
      const { Image, MaxLabels, MinConfidence, Settings } = await readRequest(request)
      const image = decodeBase64(Image.Bytes, 'Image.Bytes')
      const options = { scoreThreshold: (MinConfidence ?? MIN_CONFIDENCE) / 100 }
      const { output } = await recognize(service, request, { image, options })
      const { LabelInclusionFilters: included, LabelExclusionFilters: excluded } = Settings?.GeneralLabels ?? {}
      const Labels = toLabels(output, { maxLabels: MaxLabels ?? MAX_LABELS, included, excluded })
      return { Labels, LabelModelVersion: MODEL_VERSION }
    })
  },
  toError: toAwsError
}

function checkOperation ({ headers }: FastifyRequest): void {
  const { 'x-amz-target': target = '' } = headers
  if (OPERATION.test(String(target))) return
  throw new AwsError('UnknownOperationException', 'Only RekognitionService.DetectLabels is supported')
}

async function readRequest (request: FastifyRequest) {
  const asked = checked(detectLabels, await jsonBody(request))
  if (asked.Image.S3Object === undefined) return asked
  throw new AwsError('InvalidS3ObjectException', 'S3 objects are not supported: send the image in Image.Bytes')
}
