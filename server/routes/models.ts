import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Engine } from '../../engine/engine.ts'
import { ModelLoadError, WorkerError } from '../../engine/errors.ts'
import type { Deployment } from '../../engine/models/deployment.ts'
import { checkModel } from '../acquire.ts'
import { errorReplies } from '../error-replies.ts'
import { ApiError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { layersReply, modelSchema, modelsReply, summaryReply } from '../schemas.ts'

const params = z.object({ name: z.string().describe('One of GET /models').meta({ examples: ['nanodet-m-416'] }) })
const tags = ['Models']

/** GET /models and what lies below: what can be asked for. POST /models/{name}/load and /unload: for those who run the server. */
export const modelsRoute: FastifyPluginAsyncZod<{ engine: Engine, limits: Limits }> = async (app, { engine, limits }) => {
  const list = {
    tags,
    operationId: 'listModels',
    summary: 'The models that are served, and why others are not',
    response: { 200: modelsReply, ...errorReplies('all') }
  }
  app.get('/models', { schema: list }, async () => ({ models: engine.models.map(model => toReply(model, engine)) }))

  const one = {
    tags,
    operationId: 'getModel',
    summary: 'One model',
    params,
    response: { 200: modelSchema, ...errorReplies('model') }
  }
  app.get('/models/:name', { schema: one }, async ({ params: { name } }) => toReply(engine.get(name), engine))

  const layers = {
    tags,
    operationId: 'listLayers',
    summary: 'What a model\'s layers are called',
    params,
    response: { 200: layersReply, ...errorReplies('model', ['WRONG_TASK', 'OVERLOADED']) }
  }
  app.get('/models/:name/layers', { schema: layers }, async request => {
    const { params: { name }, aborted: signal } = request
    checkModel(engine, name, 'features')
    const lease = await engine.acquire(name, 'features', { deadline: performance.now() + limits.requestTimeout, signal })
    lease.release()
    return { layers: lease.model.layers.map(layer => ({ ...layer, shape: [...layer.shape] })) }
  })

  const load = {
    tags,
    operationId: 'loadModel',
    summary: 'Load a model from its files as they are now',
    params,
    response: { 200: modelSchema, ...errorReplies('model', ['FORBIDDEN', 'INVALID_MODEL']) }
  }
  app.post('/models/:name/load', { schema: load, config: { admin: true } }, async ({ params: { name } }) => {
    return toReply(await loadModel(engine, name), engine)
  })

  const unload = {
    tags,
    operationId: 'unloadModel',
    summary: 'Free what a model takes; it is loaded again when it is asked for',
    params,
    response: { 200: modelSchema, ...errorReplies('model', ['FORBIDDEN']) }
  }
  app.post('/models/:name/unload', { schema: unload, config: { admin: true } }, async ({ params: { name } }) =>
    toReply(await engine.unload(name), engine))

  const summary = {
    tags,
    operationId: 'summarizeModel',
    summary: 'What a model\'s layers cost',
    params,
    response: { 200: summaryReply, ...errorReplies('model', ['WRONG_TASK']) }
  }
  app.get('/models/:name/summary', { schema: summary }, async ({ params: { name } }) => {
    const found = await engine.summarize(name).catch(error => {
      throw error instanceof WorkerError ? new ModelLoadError(name, error.message) : error
    })
    if (found) return found
    throw new ApiError('WRONG_TASK', `The layers of ${name} can't be summed up: they are not ours`)
  })
}

/**
 * Loads a model from its files as they are now.
 * @throws UnknownModelError; ApiError INVALID_MODEL where the files are at fault, else ModelLoadError
 */
export async function loadModel (engine: Engine, name: string): Promise<Deployment> {
  return await engine.load(name).catch(error => {
    throw isFilesFault(error) ? new ApiError('INVALID_MODEL', error.message, { cause: error }) : error
  })
}

/** Trying again with the same files would not help. */
const isFilesFault = (error: unknown): error is ModelLoadError =>
  error instanceof ModelLoadError && !(error.cause instanceof WorkerError && error.cause.ended)

function toReply ({ name, state, problem, info }: Deployment, engine: Engine): z.infer<typeof modelSchema> {
  const { tasks, ignoredKeys, weights, resizeMode, precision = 'fp32', ...description } = info ?? {}
  return {
    ...description,
    name,
    state: state.name,
    default: name === engine.defaultName,
    precision,
    problem,
    tasks: tasks && [...tasks],
    resize_mode: resizeMode,
    ignored_keys: ignoredKeys && [...ignoredKeys],
    weights: weights && { package: weights.package, license: weights.license, trained_by: weights.trainedBy }
  }
}
