import type { FastifyRequest } from 'fastify'
import { parseJsonObject, type JsonObject } from './json.ts'

const parsed = new WeakMap<FastifyRequest, Promise<JsonObject>>()

/**
 * The JSON object in a request's body; parsed once per request.
 * @throws what parseJsonObject and Bodies.read throw
 */
export function jsonBody (request: FastifyRequest): Promise<JsonObject> {
  const body = parsed.get(request) ?? request.server.bodies.read(request).then(body => parseJsonObject(body))
  parsed.set(request, body)
  return body
}
