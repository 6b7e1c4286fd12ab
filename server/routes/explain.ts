import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { totalBytes } from '../../engine/chunks.ts'
import { explainedLayers } from '../../engine/explain/layers.ts'
import type { LoadedInfo } from '../../engine/models/model-info.ts'
import { toReply } from '../../engine/reply.ts'
import type { ExplainInput } from '../../engine/results.ts'
import { labelId } from '../../engine/explain/label-id.ts'
import { LabelError } from '../../models/labels.ts'
import { acquire } from '../acquire.ts'
import { camTarget } from '../cam-target.ts'
import { readSingle } from '../body/upload.ts'
import { errorReplies } from '../error-replies.ts'
import { ApiError } from '../errors.ts'
import { explainParameters, explainReply } from '../explain-schemas.ts'
import { parseParameters } from '../parameters.ts'
import { decodeOptions, type Service } from '../recognize.ts'
import { optionsOf } from '../schemas.ts'
import { imageRoute } from './image-route.ts'

const schema = {
  operationId: 'explain',
  tags: ['Images'],
  summary: 'Explain the detections in an image',
  description: 'The reply of POST /detect, and how it came about: candidates with their cells, class scores and distance distributions, and whether ' +
    'each was kept, suppressed, or below the threshold. With a region: what each level and stage makes of it, and a verdict. With for: which cells raised the score of a detection.',
  querystring: explainParameters,
  response: { 200: explainReply, ...errorReplies('image', ['NOT_DETECTED', 'NO_GRADIENTS']) }
}

/** POST /explain: how the detections of an image came about, and why others did not. */
export async function explainRoute (app: FastifyInstance, service: Service): Promise<void> {
  imageRoute(app, service.engine, { url: '/explain', task: 'explain', schema }, async (request, reply) => {
    const { image: bytes, parameters } = await readSingle(request)
    const query = parseParameters(explainParameters, request.query, parameters)
    if (query.label !== undefined && query.region === undefined) throw new ApiError('INVALID_PARAMETER', 'label: expected together with region')
    const { lease, wait } = await acquire(service, 'explain', request, query.model)
    try {
      const output = await lease.run({ bytes, maxPixels: service.limits.maxPixels, ...explanationOf(query, lease.model) }, wait)
      const answer = toReply(lease.model.name, output)
      const objects = output.objects.map(({ label }) => label)
      request.record.runs.push({ task: 'explain', model: answer.model, image: answer.image, times: output.times, objects, bytes: totalBytes(output.body) })
      const start = Buffer.from(`${JSON.stringify(answer).slice(0, -1)},`)
      const [first, ...others] = output.body
      return reply.type('application/json; charset=utf-8').send(Readable.from([start, first!.subarray(1), ...others, Buffer.from('\n')]))
    } finally {
      lease.release()
    }
  })
}

function explanationOf (query: z.output<typeof explainParameters>, { labels, layers }: LoadedInfo): Omit<ExplainInput, 'bytes' | 'maxPixels'> {
  const { region: box, label, precision } = query
  const options = decodeOptions(optionsOf(query), labels)
  const classId = label === undefined ? undefined : expectedClass(label, labels, options.classes)
  const target = query.for === undefined ? undefined : camTarget(query.for, labels)
  return { options, layers: explainedLayers(layers), region: box && { box, classId }, target, precision }
}

/** @throws ApiError INVALID_PARAMETER if the model does not have the label, or `classes` excludes it */
function expectedClass (label: string, labels: readonly string[], classes: readonly number[] | undefined): number {
  try {
    const classId = labelId(label, labels)
    if (classes?.includes(classId) ?? true) return classId
  } catch (error) {
    throw error instanceof LabelError ? new ApiError('INVALID_PARAMETER', `label: ${error.message}`) : error
  }
  throw new ApiError('INVALID_PARAMETER', 'label: expected one of classes')
}
