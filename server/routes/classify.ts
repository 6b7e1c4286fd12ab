import type { FastifyInstance } from 'fastify'
import { rounded } from '../../engine/numbers.ts'
import { toTiming } from '../../engine/reply.ts'
import { acquire } from '../acquire.ts'
import { readSingle } from '../body/upload.ts'
import { errorReplies } from '../error-replies.ts'
import { parseParameters } from '../parameters.ts'
import type { Service } from '../recognize.ts'
import { classifyParameters, classifyReply } from '../schemas.ts'
import { imageRoute } from './image-route.ts'

const schema = {
  operationId: 'classify',
  tags: ['Images'],
  summary: 'Classify an image',
  description: 'The body is the image, as for POST /detect. Classifiers are models that you add: docs/bring-your-own-model.md.',
  querystring: classifyParameters,
  response: { 200: classifyReply, ...errorReplies('image') }
}

/** POST /classify: the classes of an image. */
export async function classifyRoute (app: FastifyInstance, service: Service): Promise<void> {
  imageRoute(app, service.engine, { url: '/classify', task: 'classify', schema }, async request => {
    const { image: bytes, parameters } = await readSingle(request)
    const { model, top_k: topK } = parseParameters(classifyParameters, request.query, parameters)
    const { lease, wait } = await acquire(service, 'classify', request, model)
    try {
      const { name } = lease.model
      const output = await lease.run({ bytes, maxPixels: service.limits.maxPixels, topK }, wait)
      const { image: { width, height }, classes, times, batch } = output
      request.record.runs.push({ task: 'classify', model: name, image: { width, height }, times, batch, best: classes[0]?.label })
      return {
        model: name,
        image: { width, height },
        classes: classes.map(({ label, classId, score }) => ({ label, class_id: classId, score: rounded(score, 4) })),
        timing: toTiming(times)
      }
    } finally {
      lease.release()
    }
  })
}
