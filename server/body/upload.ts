import type { FastifyRequest } from 'fastify'
import type { Bytes } from '../../engine/chunks.ts'
import { HEAD_BYTES, isImage, sniffFormat } from '../../engine/image/sniff.ts'
import { groupBy } from '../../nn/group-by.ts'
import { ApiError } from '../errors.ts'
import { decodeBase64 } from './base64.ts'
import { isForm, parseForm, type Part } from './form.ts'
import { looksLikeObject, type JsonObject } from './json.ts'
import { jsonBody } from './json-body.ts'

/** Maximum number of images per request. */
export const MAX_IMAGES = 32
/** Names of image parts in forms that also have other files. */
const IMAGE_NAMES = ['image', 'images', 'image[]', 'images[]']

const NO_IMAGE = 'The form has no image: send one as a file part named image'

/** Images and parameters of a request. */
export interface Upload {
  /** Image files, unchecked; one or more. */
  readonly images: readonly Bytes[]
  /** Whether the client expects a list of results, even for one image. */
  readonly isBatch: boolean
  /** Parameters: a form's fields, or a JSON object's other members. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** Images of a form are in one piece. */
interface FormUpload extends Upload { readonly images: readonly Uint8Array[] }

/**
 * Reads the images and parameters of a request: an image as the body, whatever its Content-Type; a form; or JSON with `image` or `images`.
 * @throws ApiError EMPTY_BODY, MALFORMED_REQUEST, INVALID_PARAMETER, BODY_TOO_LARGE, and what Bodies.receive throws; ImageError if the
 * body is something else
 */
export async function readUpload (request: FastifyRequest): Promise<Upload> {
  const { 'content-type': type } = request.raw.headers
  const { bodies } = request.server
  const pieces = await bodies.receive(request)
  if (pieces.length === 0) throw new ApiError('EMPTY_BODY', 'The request has no body: send an image')
  if (isForm(type)) return fromForm(parseForm(await bodies.read(request), type!))
  const start = pieces[0]!.length >= HEAD_BYTES ? pieces[0]! : await bodies.read(request)
  if (!isImage(start) && looksLikeObject(start)) return fromJson(await jsonBody(request))
  sniffFormat(start)
  return { images: [pieces], isBatch: false, parameters: {} }
}

/** The one image of a request. @throws ApiError INVALID_PARAMETER if there are several; what readUpload throws */
export async function readSingle (request: FastifyRequest): Promise<Upload & { readonly image: Bytes }> {
  const upload = await readUpload(request)
  if (upload.isBatch) throw new ApiError('INVALID_PARAMETER', 'images: expected one image; only POST /detect takes several')
  return { ...upload, image: upload.images[0]! }
}

/** Splits parts into images (those named image, or all files if there are none) and fields. */
export function fromForm (parts: readonly Part[]): FormUpload {
  const files = parts.filter(isFile)
  const fields = filledIn(fieldsOf(parts))
  if (files.length === 0) return fromFields(fields)
  const named = files.filter(({ name }) => IMAGE_NAMES.includes(name))
  const chosen = named.length > 0 ? named : files
  if (chosen.every(({ bytes }) => bytes.length === 0)) throw new ApiError('EMPTY_BODY', NO_IMAGE)
  const isBatch = chosen.length > 1 || /^images/.test(chosen[0]!.name)
  return { images: limited(chosen.map(({ bytes }) => bytes)), isBatch, parameters: fields }
}

/** A form without files: its field `image` is base64. */
function fromFields ({ image, ...parameters }: Record<string, string | string[]>): FormUpload {
  if (image === undefined) throw new ApiError('EMPTY_BODY', NO_IMAGE)
  return { images: [decodeBase64(image, 'image')], isBatch: false, parameters }
}

/** Browsers also send empty fields. */
const filledIn = (fields: Record<string, string | string[]>): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))

/** Parts that are files, or images without a file name. */
export const isFile = ({ fileName, type, bytes }: Part): boolean =>
  fileName !== undefined || (type?.startsWith('image/') ?? false) || isImage(bytes)

/** The fields of a form; a repeated one is a list. */
export function fieldsOf (parts: readonly Part[]): Record<string, string | string[]> {
  const fields = groupBy(parts.filter(part => !isFile(part)), ({ name }) => name)
  return Object.fromEntries([...fields].map(([name, values]) => {
    const texts = values.map(({ bytes }) => Buffer.from(bytes).toString())
    return [name, texts.length === 1 ? texts[0]! : texts]
  }))
}

function fromJson ({ image, images, ...parameters }: JsonObject): Upload {
  if (image !== undefined && images !== undefined) throw new ApiError('INVALID_PARAMETER', 'image, images: expected one of them')
  if (image !== undefined) return { images: [decodeBase64(image, 'image')], isBatch: false, parameters }
  if (images === undefined) throw new ApiError('EMPTY_BODY', 'The JSON object has no image: send one as "image", in base64')
  if (!Array.isArray(images) || images.length === 0) throw new ApiError('INVALID_PARAMETER', 'images: expected a list of images')
  return { images: limited(images).map((text, i) => decodeBase64(text, `images[${i}]`)), isBatch: true, parameters }
}

function limited<T> (images: readonly T[]): readonly T[] {
  if (images.length > MAX_IMAGES) throw new ApiError('BODY_TOO_LARGE', `The request has ${images.length} images; at most ${MAX_IMAGES} are allowed`)
  return images
}
