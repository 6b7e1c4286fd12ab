import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../../errors.ts'
import type { Service } from '../../recognize.ts'
import { modelConfig, modelMetadata } from './metadata.ts'
import { allServed, findServed, type Served } from './served.ts'
import type { Statistics } from './statistics.ts'

type Answer = (served: Served) => unknown

/** A path below a model's, with and without a version. */
export const modelPaths = (rest: string): string[] => [`/models/:model${rest}`, `/models/:model/versions/:version${rest}`]

/** The model that a path names. @throws what findServed throws */
export function servedOf (engine: Service['engine'], { params }: FastifyRequest): Served {
  const { model, version } = params as { model: string, version?: string }
  return findServed(engine, model, version)
}

/** GET /models, and the metadata of each. */
export function modelRoutes (scope: FastifyInstance, { engine }: Service, statistics: Statistics): void {
  const get = (rest: string, answer: Answer): void => {
    for (const path of modelPaths(rest)) scope.get(path, async request => answer(servedOf(engine, request)))
  }
  scope.get('/models', async () => ({ models: allServed(engine).map(({ name }) => name) }))
  scope.get('/models/stats', async () => statistics.report(allServed(engine).map(({ name }) => name)))
  get('', modelMetadata)
  get('/config', modelConfig)
  get('/stats', ({ name }) => statistics.report([name]))
  get('/ready', readiness)
}

/** @throws ApiError MODEL_UNAVAILABLE */
function readiness ({ name, deployment: { version } }: Served) {
  if (version) return { name, ready: true }
  throw new ApiError('MODEL_UNAVAILABLE', `The model ${name} is not loaded`)
}
