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

const params = z.object({ name: z.string().describe('A name from GET /models').meta({ examples: ['nanodet-m-416'] }) })
const tags = ['Models']

/** GET /models and below, for clients. POST /models/{name}/load and /unload, for operators. */
export const modelsRoute: FastifyPluginAsyncZod<{ engine: Engine, limits: Limits }> = async (app, { engine, limits }) => {
  const list = {
    tags,
    operationId: 'listModels',
    summary: 'List models, and the reasons why some are unavailable',
    response: { 200: modelsReply, ...errorReplies('all') }
  }
  app.get('/models', { schema: list }, async () => ({ models: engine.models.map(model => toReply(model, engine)) }))

  const one = {
    tags,
    operationId: 'getModel',
    summary: 'Describe a model',
    params,
    response: { 200: modelSchema, ...errorReplies('model') }
  }
  app.get('/models/:name', { schema: one }, async ({ params: { name } }) => toReply(engine.get(name), engine))

  const layers = {
    tags,
    operationId: 'listLayers',
    summary: 'List the layers of a model',
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
    summary: 'Load a model from its current files',
    params,
    response: { 200: modelSchema, ...errorReplies('model', ['FORBIDDEN', 'INVALID_MODEL']) }
  }
  app.post('/models/:name/load', { schema: load, config: { admin: true } }, async ({ params: { name } }) => {
    return toReply(await loadModel(engine, name), engine)
  })

  const unload = {
    tags,
    operationId: 'unloadModel',
    summary: 'Unload a model; the next request loads it again',
    params,
    response: { 200: modelSchema, ...errorReplies('model', ['FORBIDDEN']) }
  }
  app.post('/models/:name/unload', { schema: unload, config: { admin: true } }, async ({ params: { name } }) =>
    toReply(await engine.unload(name), engine))

  const summary = {
    tags,
    operationId: 'summarizeModel',
    summary: 'Cost of a model\'s layers',
    params,
    response: { 200: summaryReply, ...errorReplies('model', ['WRONG_TASK']) }
  }
  app.get('/models/:name/summary', { schema: summary }, async ({ params: { name } }) => {
    const found = await engine.summarize(name).catch(error => {
      throw error instanceof WorkerError ? new ModelLoadError(name, error.message) : error
    })
    if (found) return found
    throw new ApiError('WRONG_TASK', `${name} has no summary: its graph comes from an ONNX file`)
  })
}

/**
 * Loads a model from its current files.
 * @throws UnknownModelError; ApiError INVALID_MODEL if the files are at fault, otherwise ModelLoadError
 */
export async function loadModel (engine: Engine, name: string): Promise<Deployment> {
  return await engine.load(name).catch(error => {
    throw isFilesFault(error) ? new ApiError('INVALID_MODEL', error.message, { cause: error }) : error
  })
}

/** Loading the same files again would fail again. */
const isFilesFault = (error: unknown): error is ModelLoadError =>
  error instanceof ModelLoadError && !(error.cause instanceof WorkerError && error.cause.ended)

function toReply ({ name, state, problem, info, running }: Deployment, engine: Engine): z.infer<typeof modelSchema> {
  const { tasks, ignoredKeys, notes, weights, resizeMode, precision = 'fp32', precisions = [precision], ...description } = info ?? {}
  return {
    ...description,
    name,
    state: state.name,
    default: name === engine.defaultName,
    precision: running?.precision ?? precision,
    provider: running?.provider,
    precisions: [...precisions],
    problem,
    tasks: tasks && [...tasks],
    resize_mode: resizeMode,
    ignored_keys: ignoredKeys && [...ignoredKeys],
    notes: notes && [...notes],
    weights: weights && { package: weights.package, license: weights.license, trained_by: weights.trainedBy }
  }
}
