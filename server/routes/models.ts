import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { DetectorStore } from '../../engine/engine.ts'
import { ModelLoadError } from '../../engine/errors.ts'
import type { ServedModel } from '../../engine/models/deployment.ts'
import { describeModel } from '../../models/kinds/kinds.ts'
import { precisionOf } from '../../models/artifact.ts'
import { summarize, type ModelSummary } from '../../models/summary.ts'
import { useDetector } from '../detect-options.ts'
import { ApiError } from '../errors.ts'
import { errorReply, layersReply, modelSchema, summaryReply } from '../schemas.ts'

const params = z.object({ name: z.string() })
const errors = { '4xx': errorReply, '5xx': errorReply }

/** GET /models and what lies below: what can be asked for. POST /models/{name}/load and /unload: for those who run the server. */
export const modelsRoute: FastifyPluginAsyncZod<{ store: DetectorStore }> = async (app, { store }) => {
  const list = { summary: 'The models that are served, and why others are not', response: { 200: z.object({ models: z.array(modelSchema) }) } }
  app.get('/models', { schema: list }, async () => ({ models: store.models.map(model => toReply(model, store)) }))

  const one = { summary: 'One model', params, response: { 200: modelSchema, ...errors } }
  app.get('/models/:name', { schema: one }, async ({ params: { name } }) => toReply(store.get(name), store))

  const layers = { summary: 'What a model\'s layers are called', params, response: { 200: layersReply, ...errors } }
  app.get('/models/:name/layers', { schema: layers }, ({ params: { name } }) => useDetector(store, name, async detector => ({
    layers: detector.layers.map(layer => ({ ...layer, shape: [...layer.shape] }))
  })))

  const load = { summary: 'Load a model from its files as they are now', params, response: { 200: modelSchema, ...errors } }
  app.post('/models/:name/load', { schema: load, config: { admin: true } }, async ({ params: { name } }) => {
    const model = await store.load(name).catch(error => {
      throw error instanceof ModelLoadError ? new ApiError('INVALID_MODEL', error.message, { cause: error }) : error
    })
    return toReply(model, store)
  })

  const unload = { summary: 'Free what a model takes; it is loaded again when it is asked for', params, response: { 200: modelSchema, ...errors } }
  app.post('/models/:name/unload', { schema: unload, config: { admin: true } }, async ({ params: { name } }) =>
    toReply(await store.unload(name), store))

  const summary = { summary: 'What a model\'s layers cost', params, response: { 200: summaryReply, ...errors } }
  const summaries = new WeakMap<object, ModelSummary>()
  app.get('/models/:name/summary', { schema: summary }, async ({ params: { name } }) => {
    const { source, problem } = store.get(name)
    if (!source) throw new ModelLoadError(name, problem ?? 'it has not been looked at')
    if (source.kind !== 'detector') throw new ApiError('WRONG_TASK', `The layers of ${name} can't be summed up: it is no detector of our layers`)
    const known = summaries.get(source.config) ?? summarize(source.config, false)
    summaries.set(source.config, known)
    return known
  })
}

function toReply (model: ServedModel, store: DetectorStore): z.infer<typeof modelSchema> {
  const { name, state, problem, source } = model
  const weights = source?.kind === 'detector' ? source.config.weights : undefined
  return {
    ...source && describeModel(source),
    name,
    state,
    default: name === store.defaultName,
    precision: precisionOf(source),
    problem,
    ignored_keys: source?.ignored && [...source.ignored],
    weights: weights && { package: weights.package, license: weights.license, trained_by: weights.trainedBy }
  }
}
