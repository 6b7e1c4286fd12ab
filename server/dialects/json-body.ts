import type { FastifyRequest } from 'fastify'
import { parseJsonObject, type JsonObject } from '../body/json.ts'

/** Values of a body: tasks of Label Studio have the most. JSON with millions of them holds up the event loop for a second. */
const MAX_VALUES = 2 ** 17

const parsed = new WeakMap<FastifyRequest, Promise<JsonObject>>()

/**
 * The JSON object in a request's body, parsed once, however often it is asked for.
 * @throws ApiError MALFORMED_REQUEST; BODY_TOO_LARGE where it has too many values; what Bodies.read throws
 */
export function jsonBody (request: FastifyRequest): Promise<JsonObject> {
  const body = parsed.get(request) ?? request.server.bodies.read(request).then(read => parseJsonObject(read, MAX_VALUES))
  parsed.set(request, body)
  return body
}
