import type { FastifyRequest } from 'fastify'
import { isForm, parseForm, type Part } from '../body/form.ts'
import { fieldsOf, isFile } from '../body/upload.ts'

const forms = new WeakMap<FastifyRequest, Promise<readonly Part[]>>()

/** An image in a form, and the other fields. */
export interface ImageForm {
  /** Unchecked. Undefined if the form has no file. */
  readonly image: Uint8Array | undefined
  /** The first value of each field. */
  readonly fields: Readonly<Record<string, string>>
}

/**
 * Reads the form of a request: the file of this name, or the first file whatever its name. Other bodies are treated as
 * empty forms, and not read.
 * @throws what parseForm and Bodies.read throw
 */
export async function readImageForm (request: FastifyRequest, name: string): Promise<ImageForm> {
  const parts = await partsOf(request)
  const files = parts.filter(part => isFile(part) && part.bytes.length > 0)
  const file = files.find(file => file.name === name) ?? files[0]
  const fields = Object.entries(fieldsOf(parts)).map(([name, value]) => [name, [value].flat()[0]!])
  return { image: file?.bytes, fields: Object.fromEntries(fields) }
}

/** Parses a form once per request. */
async function partsOf (request: FastifyRequest): Promise<readonly Part[]> {
  const parts = forms.get(request) ?? readParts(request)
  forms.set(request, parts)
  return await parts
}

async function readParts (request: FastifyRequest): Promise<readonly Part[]> {
  const { 'content-type': type } = request.raw.headers
  if (!isForm(type)) return []
  const body = await request.server.bodies.read(request)
  return body.length > 0 ? parseForm(body, type!) : []
}
