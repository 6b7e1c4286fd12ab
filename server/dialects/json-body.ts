import type { FastifyRequest } from 'fastify'
import { parseJsonObject, type JsonObject } from '../body/json.ts'
import { ApiError } from '../errors.ts'

/** Values of a body: tasks of Label Studio have the most. JSON with millions of them holds up the event loop for a second. */
const MAX_VALUES = 2 ** 17
const COMMA = ','.charCodeAt(0)

const parsed = new WeakMap<FastifyRequest, Promise<JsonObject>>()

/**
 * The JSON object in a request's body, parsed once, however often it is asked for. For dialects without tensors.
 * @throws ApiError MALFORMED_REQUEST; BODY_TOO_LARGE where it has more than 131,072 values; what Bodies.read throws
 */
export function jsonBody (request: FastifyRequest): Promise<JsonObject> {
  const body = parsed.get(request) ?? request.server.bodies.read(request).then(parse)
  parsed.set(request, body)
  return body
}

function parse (body: Uint8Array): JsonObject {
  checkCount(body)
  return parseJsonObject(body)
}

/** Commas in texts count, too; base64 has none. */
function checkCount (json: Uint8Array): void {
  let count = 0
  for (const byte of json) if (byte === COMMA) count++
  if (count > MAX_VALUES) throw new ApiError('BODY_TOO_LARGE', `The JSON has more than ${MAX_VALUES} values`)
}
