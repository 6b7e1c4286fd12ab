import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../errors.ts'
import type { ErrorReply } from '../../plugins/errors.ts'
import type { Service } from '../../recognize.ts'
import type { Dialect } from '../dialect.ts'
import { inferRoute } from './infer-route.ts'
import { serverMetadata } from './metadata.ts'
import { modelRoutes } from './model-routes.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { Statistics } from './statistics.ts'

/** Statuses that the protocol lacks: these become 400. */
const BAD_REQUEST = [406, 415, 422]

/** KServe V2, the Open Inference Protocol: the protocol of Triton, KServe, MLServer and their clients. */
export const kserve: Dialect = {
  name: 'kserve',
  prefix: '/v2',
  routes (scope, service) {
    const statistics = new Statistics()
    serverRoutes(scope, service)
    modelRoutes(scope, service, statistics)
    inferRoute(scope, service, statistics)
    repositoryRoutes(scope, service)
  },
  toError
}

/** GET / and the probes, which need no key. */
function serverRoutes (scope: FastifyInstance, { engine }: Service): void {
  const probe = { config: { keys: 'none' }, logLevel: 'warn' } as const
  scope.get('/', async () => serverMetadata)
  scope.get('/health/live', probe, async () => ({ live: true }))
  scope.get('/health/ready', probe, async () => {
    if (engine.isReady) return { live: true, ready: true }
    throw new ApiError('NOT_READY', 'The server is still loading its models')
  })
}

function toError ({ statusCode, message }: ApiError): ErrorReply {
  return { status: BAD_REQUEST.includes(statusCode) ? 400 : statusCode, body: { error: message } }
}
