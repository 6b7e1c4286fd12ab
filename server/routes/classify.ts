import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { DetectorStore } from '../../engine/engine.ts'
import { toTiming } from '../../engine/reply.ts'
import { useClassifier } from '../detect-options.ts'
import { readImage } from '../plugins/image-body.ts'
import { classifyQuery, classifyReply, errorReply } from '../schemas.ts'

/** POST /classify: what an image is of, by a backbone with its classifier. */
export const classifyRoute: FastifyPluginAsyncZod<{ store: DetectorStore, maxPixels: number }> = async (app, { store, maxPixels }) => {
  const schema = {
    summary: 'Say what an image is of',
    description: 'The body is the image, as for POST /detect. Classifiers are models of one\'s own: docs/bring-your-own-model.md.',
    querystring: classifyQuery,
    response: { 200: classifyReply, '4xx': errorReply, '5xx': errorReply }
  }
  app.post('/classify', { schema, config: { imageBody: 'detect' } }, request => useClassifier(store, request.query.model, async classifier => {
    const { config: { name } } = classifier
    const options = { maxPixels, topK: request.query.top_k, signal: request.aborted }
    const { image: { width, height }, classes, times } = await classifier.classify(await readImage(request), options)
    request.record.run = { task: 'classify', model: name, image: { width, height }, times, best: classes[0]?.label }
    return {
      model: name,
      image: { width, height },
      classes: classes.map(({ label, classId, score }) => ({ label, class_id: classId, score: Number(score.toFixed(4)) })),
      timing: toTiming(times)
    }
  }))
}
