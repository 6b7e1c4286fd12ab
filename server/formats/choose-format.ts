import type { FastifyRequest } from 'fastify'
import { acceptedType } from '../accept.ts'
import { ApiError } from '../errors.ts'
import { ACCEPTED_FORMATS, FORMATS, isJson, type Format, type FormatName } from './formats.ts'

/** Parameters that affect the format of a reply. */
export interface Wanted {
  readonly format?: FormatName | undefined
  /** Names of layers to report on. */
  readonly features?: string | undefined
  readonly isBatch: boolean
}

/**
 * The format of a reply: the requested one, otherwise one that the Accept header allows.
 * @throws ApiError NOT_ACCEPTABLE; INVALID_PARAMETER if layers or several images don't fit the format
 */
export function chooseFormat (request: FastifyRequest, { format: name, features, isBatch }: Wanted): Format {
  const offered = features === undefined ? ACCEPTED_FORMATS : ['json' as const]
  const format = name === undefined ? accepted(request, offered) : FORMATS[name]
  if (features !== undefined && format !== FORMATS.json) throw unfit('expected json with features')
  if (isBatch && !isJson(format)) throw unfit(`${format.mediaType} holds one image; use a JSON format for several`)
  return format
}

const unfit = (why: string): ApiError => new ApiError('INVALID_PARAMETER', `format: ${why}`)

function accepted (request: FastifyRequest, offered: readonly FormatName[]): Format {
  const formats = offered.map(name => FORMATS[name])
  const type = acceptedType(request, formats.map(({ mediaType }) => mediaType))
  return formats.find(({ mediaType }) => mediaType === type)!
}
