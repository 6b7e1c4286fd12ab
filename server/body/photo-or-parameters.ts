import type { FastifyRequest } from 'fastify'
import type { Bytes } from '../../engine/chunks.ts'
import { isImage } from '../../engine/image/sniff.ts'
import { isForm, parseForm } from './form.ts'
import { looksLikeObject, type JsonObject } from './json.ts'
import { jsonBody } from './json-body.ts'
import { fieldsOf, isFile, readSingle } from './upload.ts'

/** The one image of a request, if it has one, and its parameters. @throws what readSingle throws */
export async function readPhotoOrParameters (request: FastifyRequest): Promise<{ image?: Bytes, parameters: JsonObject }> {
  const parameters = await onlyParameters(request)
  return parameters ? { parameters } : await readSingle(request)
}

/** The parameters of a body without an image; undefined if it has one, or is something else. */
async function onlyParameters (request: FastifyRequest): Promise<JsonObject | undefined> {
  const { 'content-type': type } = request.raw.headers
  const body = await request.server.bodies.read(request)
  if (body.length === 0) return {}
  if (isForm(type)) {
    const parts = parseForm(body, type!)
    return parts.some(isFile) ? undefined : withoutImage(fieldsOf(parts))
  }
  return isImage(body) || !looksLikeObject(body) ? undefined : withoutImage(await jsonBody(request))
}

const withoutImage = (parameters: JsonObject): JsonObject | undefined =>
  'image' in parameters || 'images' in parameters ? undefined : parameters
