import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { DetectorStore } from '../../detector/detector-store.ts'
import type { ModelConfig } from '../../models/config.ts'
import { describeModel } from '../../models/describe.ts'
import { chooseDetector } from '../detect-options.ts'
import { ApiError } from '../errors.ts'
import { errorReply, layersReply, modelSchema } from '../schemas.ts'

/** GET /models and /models/{name}: what can be asked for. */
export const modelsRoute: FastifyPluginAsyncZod<{ store: DetectorStore }> = async (app, { store }) => {
  const list = { summary: 'The models that are served', response: { 200: z.object({ models: z.array(modelSchema) }) } }
  const models = store.configs.map(toModel)
  app.get('/models', { schema: list }, async () => ({ models }))

  const one = { summary: 'One model', params: z.object({ name: z.string() }), response: { 200: modelSchema, '4xx': errorReply } }
  app.get('/models/:name', { schema: one }, async ({ params: { name } }) => {
    const model = models.find(model => model.name === name)
    if (!model) throw new ApiError('MODEL_NOT_FOUND', `There is no model ${name}; GET /models lists them`)
    return model
  })

  const layers = { summary: 'What a model\'s layers are called', params: z.object({ name: z.string() }), response: { 200: layersReply, '4xx': errorReply, '5xx': errorReply } }
  app.get('/models/:name/layers', { schema: layers }, async ({ params: { name } }) => ({
    layers: chooseDetector(store, name).layers.map(layer => ({ ...layer, shape: [...layer.shape] }))
  }))
}

function toModel (config: ModelConfig): z.infer<typeof modelSchema> {
  const { weights } = config
  return {
    ...describeModel(config),
    weights: weights && { package: weights.package, license: weights.license, trained_by: weights.trainedBy }
  }
}
