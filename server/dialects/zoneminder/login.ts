import type { FastifyRequest } from 'fastify'
import { isForm, parseForm } from '../../body/form.ts'
import { decodeText, looksLikeObject, parseJsonObject, type JsonObject } from '../../body/json.ts'
import { fieldsOf } from '../../body/upload.ts'
import { ApiError } from '../../errors.ts'

/** Maximum size of a login body, which needs no key. */
const MAX_BYTES = 4096
/** Lifetime of pyzm's own tokens in seconds. Its client ignores it. */
const EXPIRES = 3600
/** The token of a server without keys: pyzm treats an empty one as a failed login. */
const ANY = 'none'

/**
 * The key of a login, as JSON or as a form: the password, or the user name if the password is missing.
 * @throws ApiError MALFORMED_REQUEST, BODY_TOO_LARGE
 */
export async function readCredentials (request: FastifyRequest): Promise<string | undefined> {
  const { username, password } = await readMembers(request)
  return [password, username].find((text): text is string => typeof text === 'string' && text !== '')
}

export const toToken = (key: string | undefined) =>
  ({ access_token: key ?? ANY, token_type: 'bearer', expires: EXPIRES })

function checkSize (bytes: number): void {
  if (bytes > MAX_BYTES) throw new ApiError('BODY_TOO_LARGE', `A login has at most ${MAX_BYTES} bytes`)
}

async function readMembers (request: FastifyRequest): Promise<JsonObject> {
  const { 'content-type': type = '', 'content-length': length = 0 } = request.raw.headers
  checkSize(Number(length))
  const body = await request.server.bodies.read(request)
  checkSize(body.length)
  if (isForm(type)) return fieldsOf(parseForm(body, type))
  const isUrlEncoded = /^application\/x-www-form-urlencoded/i.test(type) && !looksLikeObject(body) // curl sends JSON with this type
  return isUrlEncoded ? Object.fromEntries(new URLSearchParams(decodeText(body))) : parseJsonObject(body)
}
