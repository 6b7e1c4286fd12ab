import type { FastifyRequest } from 'fastify'
import { parseJsonObject, type JsonObject } from '../body/json.ts'

const parsed = new WeakMap<FastifyRequest, Promise<JsonObject>>()

/**
 * The JSON object in a request's body, parsed once, however often it is asked for.
 * @throws ApiError MALFORMED_REQUEST; what Bodies.read throws
 */
export function jsonBody (request: FastifyRequest): Promise<JsonObject> {
  const body = parsed.get(request) ?? request.server.bodies.read(request).then(parseJsonObject)
  parsed.set(request, body)
  return body
}
