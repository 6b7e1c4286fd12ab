import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { OverloadError } from '../../engine/errors.ts'
import { sniffFormat } from '../../engine/image/sniff.ts'
import type { TaskName } from '../../engine/tasks/catalog.ts'
import { ApiError } from '../errors.ts'
import { onEnd } from './abort.ts'

const MAX_FILES = 8
const MAX_FIELDS = 32
const MAX_FIELD_BYTES = 4096

export interface ImageBodyOptions {
  /** Of one body. */
  maxBytes: number
  /** Of all bodies that are on their way in, or wait for their answers. */
  maxBytesInFlight: number
  /** Told of a body before it is read. @throws OverloadError where there is no place for it */
  admit: (task: TaskName, bytes: number) => void
}

/** Takes images as bodies (image/*, application/octet-stream) and in forms (multipart/form-data). */
export const imageBody = fp<ImageBodyOptions>(async (app, options) => {
  const { maxBytes } = options
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, { parseAs: 'buffer', bodyLimit: maxBytes }, async (_request: unknown, body: Buffer) => body)
  await app.register(multipart, {
    limits: { fileSize: maxBytes, files: MAX_FILES, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, parts: MAX_FILES + MAX_FIELDS }
  })
  refuseEarly(app, options)
}, { name: 'image-body', fastify: '5.x', dependencies: ['abort'] })

/** Refuses a body before it is read where there is no place for it. One that does not say its length counts as the longest. */
function refuseEarly (app: FastifyInstance, { maxBytes, maxBytesInFlight, admit }: ImageBodyOptions): void {
  const reserved = new WeakMap<FastifyRequest, number>()
  let inFlight = 0
  app.addHook('onRequest', async request => {
    const { imageBody: task } = request.routeOptions.config
    if (task === undefined) return
    const length = Math.min(Number(request.headers['content-length'] ?? maxBytes), maxBytes)
    if (inFlight > 0 && inFlight + length > maxBytesInFlight) throw new OverloadError('bytes_in_flight', 1)
    admit(task, length)
    inFlight += length
    reserved.set(request, length)
  })
  onEnd(app, ({ request }) => { inFlight -= reserved.get(request) ?? 0 })
}

/**
 * The bytes of the request's image. Of a form: the file part named `image`, else the first file.
 * @throws ApiError EMPTY_BODY when there is none, ImageError when its first bytes are not an image's
 */
export async function readImage (request: FastifyRequest): Promise<Uint8Array> {
  const bytes = request.isMultipart() ? await readForm(request) : request.body
  if (bytes instanceof Uint8Array && bytes.length > 0) {
    sniffFormat(bytes)
    return bytes
  }
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

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes an image, for this task. */
    imageBody?: TaskName
  }
}
