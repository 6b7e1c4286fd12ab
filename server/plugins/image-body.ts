import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError } from '../errors.ts'

const MAX_FILES = 8
const MAX_FIELDS = 32
const MAX_FIELD_BYTES = 4096

/** Takes images as bodies (image/*, application/octet-stream) and in forms (multipart/form-data). */
export const imageBody = fp<{ maxBytes: number }>(async (app, { maxBytes }) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, { parseAs: 'buffer', bodyLimit: maxBytes }, async (_request: unknown, body: Buffer) => body)
  await app.register(multipart, {
    limits: { fileSize: maxBytes, files: MAX_FILES, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, parts: MAX_FILES + MAX_FIELDS }
  })
}, { name: 'image-body', fastify: '5.x' })

/**
 * The bytes of the request's image. Of a form: the file part named `image`, else the first file.
 * @throws ApiError EMPTY_BODY when there is none
 */
export async function readImage (request: FastifyRequest): Promise<Uint8Array> {
  const bytes = request.isMultipart() ? await readForm(request) : request.body
  if (bytes instanceof Uint8Array && bytes.length > 0) return bytes
  throw new ApiError('EMPTY_BODY', request.isMultipart() ? 'The form has no file, or an empty one' : 'The request has no body: send an image')
}

async function readForm (request: FastifyRequest): Promise<Uint8Array | undefined> {
  try {
    return await chooseFile(request)
  } catch (error) {
    const { code, message } = error as { code?: string, message: string }
    throw code === undefined ? new ApiError('MALFORMED_REQUEST', `The form cannot be read: ${message}`, { cause: error }) : error
  }
}

async function chooseFile (request: FastifyRequest): Promise<Uint8Array | undefined> {
  let chosen: { name: string, bytes: Uint8Array } | undefined
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue
    const bytes = await part.toBuffer() // every file has to be read, or the form never ends
    if (!chosen || (part.fieldname === 'image' && chosen.name !== 'image')) chosen = { name: part.fieldname, bytes }
  }
  return chosen?.bytes
}
