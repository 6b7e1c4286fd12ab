import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Engine } from '../../engine/engine.ts'
import { toTiming } from '../../engine/reply.ts'
import { receive } from '../acquire.ts'
import type { Limits } from '../limits.ts'
import { classifyQuery, classifyReply, errorReply } from '../schemas.ts'

/** POST /classify: what an image shows, by a backbone with its classifier. */
export const classifyRoute: FastifyPluginAsyncZod<{ engine: Engine, limits: Limits }> = async (app, { engine, limits }) => {
  const schema = {
    summary: 'Classify an image',
    description: 'The body is the image, as for POST /detect. Classifiers are models that you add: docs/bring-your-own-model.md.',
    querystring: classifyQuery,
    response: { 200: classifyReply, '4xx': errorReply, '5xx': errorReply }
  }
  app.post('/classify', { schema, config: { imageBody: 'classify' } }, async request => {
    const { model, top_k: topK } = request.query
    const { image, lease, wait } = await receive(engine, 'classify', request, model, limits)
    try {
      const { name } = lease.model
      const { image: { width, height }, classes, times } = await lease.run({ ...image, topK }, wait)
      request.record.run = { task: 'classify', model: name, image: { width, height }, times, best: classes[0]?.label }
      return {
        model: name,
        image: { width, height },
        classes: classes.map(({ label, classId, score }) => ({ label, class_id: classId, score: Number(score.toFixed(4)) })),
        timing: toTiming(times)
      }
    } finally {
      lease.release()
    }
  })
}
