import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { JsonObject } from '../../body/json.ts'
import { ApiError } from '../../errors.ts'
import type { Service } from '../../recognize.ts'
import { loadModel } from '../../routes/models.ts'
import { jsonBody } from '../../body/json-body.ts'
import { repositoryIndex } from './metadata.ts'
import { modelOf } from './served.ts'

const forAdmins = { config: { admin: true } }

/** POST /repository/index; POST …/load and …/unload, for `X.raw` as for `X`, with an admin key. */
export function repositoryRoutes (scope: FastifyInstance, { engine }: Service): void {
  scope.post('/repository/index', async request => {
    const { ready = false } = await bodyOf(request)
    if (typeof ready !== 'boolean') throw new ApiError('INVALID_PARAMETER', 'ready: expected true or false')
    return repositoryIndex(engine, ready)
  })
  scope.post('/repository/models/:model/load', forAdmins, async request => {
    const { parameters } = await bodyOf(request)
    if (hasMembers(parameters)) throw new ApiError('INVALID_PARAMETER', 'parameters: not supported; models are loaded from the server\'s files')
    await loadModel(engine, modelOf(engine, nameIn(request)))
    return {}
  })
  scope.post('/repository/models/:model/unload', forAdmins, async request => {
    await engine.unload(modelOf(engine, nameIn(request)))
    return {}
  })
}

const nameIn = ({ params }: FastifyRequest): string => (params as { model: string }).model

const hasMembers = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0

/** The body is optional. @throws ApiError MALFORMED_REQUEST, BODY_TOO_LARGE */
async function bodyOf (request: FastifyRequest): Promise<JsonObject> {
  const body = await request.server.bodies.read(request)
  return body.length > 0 ? await jsonBody(request) : {}
}
