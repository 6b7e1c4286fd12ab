import { z } from 'zod'
import { parseJsonObject } from '../../body/json.ts'
import { ApiError } from '../../errors.ts'
import type { DetectionOptions } from '../../recognize.ts'
import { detectParameters, MAX_NAME, optionsOf } from '../../schemas.ts'
import { boundedObject } from '../bounded.ts'
import { checked } from '../checked.ts'

/** The input tensor of a request, as JSON (`data`) or as bytes. */
export interface InputTensor {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
  readonly data: unknown
  readonly contentType?: string | undefined
  readonly bytes?: Uint8Array
}

/** A requested output, and whether as bytes. */
export interface WantedOutput { readonly name: string, readonly binary: boolean }

export interface InferRequest {
  /** The client's id, repeated in the reply. */
  readonly id?: string | undefined
  /** Omitted if the body is the raw input, described by the model. */
  readonly input?: InputTensor
  readonly body: Uint8Array
  /** By default the model's; an empty list means the same, as in Triton. */
  readonly outputs?: readonly WantedOutput[] | undefined
  /** Whether outputs are bytes by default. */
  readonly binary: boolean
  readonly options: DetectionOptions
}

/** Maximum number of values in JSON: a network's input has about a million. */
const MAX_VALUES = 2 ** 21
const MAX_AXES = 8
const MAX_OUTPUTS = 256
const MAX_PARAMETERS = 64

/** Its length is checked before its items. */
const listOf = <T extends z.ZodType>(item: T, max: number) =>
  z.custom<unknown[]>(value => Array.isArray(value) && value.length <= max, `expected a list of at most ${max}`).pipe(z.array(item))

/** Python clients send null for omitted members. */
const orNull = <T extends z.ZodType>(schema: T) => z.preprocess(value => value ?? undefined, schema)

const name = z.string().max(MAX_NAME)

const inputSchema = z.object({
  name,
  datatype: z.string().max(MAX_NAME),
  shape: listOf(z.int().min(0), MAX_AXES),
  parameters: orNull(boundedObject(z.strictObject({
    binary_data_size: z.int().min(0).optional(),
    content_type: z.string().max(MAX_NAME).optional()
  }), MAX_PARAMETERS).default({})),
  data: z.unknown().optional()
})

const outputSchema = z.object({
  name,
  parameters: orNull(z.object({ binary_data: z.boolean().optional(), classification: z.undefined('is not supported').optional() }).default({}))
})

/** Thresholds, and ignored parameters that clients send. */
const parametersSchema = detectParameters
  .pick({ score_threshold: true, iou_threshold: true, max_detections: true, classes: true })
  .extend({ binary_data_output: z.boolean().default(false) })
const IGNORED_PARAMETERS = ['sequence_id', 'sequence_start', 'sequence_end', 'priority', 'timeout', 'content_type', 'headers']

const requestSchema = z.object({
  id: orNull(z.string().max(MAX_NAME).optional()),
  inputs: listOf(inputSchema, 1).refine(inputs => inputs.length === 1, 'expected a list of one'),
  outputs: orNull(listOf(outputSchema, MAX_OUTPUTS).optional()),
  parameters: orNull(boundedObject(z.preprocess(withoutIgnored, parametersSchema), MAX_PARAMETERS).prefault({}))
})

/**
 * Reads a request: JSON, followed by the bytes of tensors if a header gives the length of the JSON; 0 means that all is input.
 * @param headerLength the header `Inference-Header-Content-Length`
 * @throws ApiError EMPTY_BODY, MALFORMED_REQUEST, INVALID_PARAMETER, BODY_TOO_LARGE
 */
export function readInferRequest (body: Buffer, headerLength: string | undefined): InferRequest {
  if (body.length === 0) throw new ApiError('EMPTY_BODY', 'The request has no body: send inputs')
  const length = jsonLength(body, headerLength)
  if (length === 0) return { body, binary: true, options: {} }
  const json = body.subarray(0, length)
  const asked = checked(requestSchema, parseJsonObject(json, MAX_VALUES), Object.keys(parametersSchema.shape))
  const { id, inputs: [input], outputs = [], parameters: { binary_data_output: binary, ...parameters } } = asked
  return {
    id,
    input: inputOf(input!, body.subarray(length)),
    body,
    ...(outputs.length > 0 && { outputs: outputs.map(({ name, parameters }) => ({ name, binary: parameters.binary_data ?? binary })) }),
    binary,
    options: optionsOf(parameters)
  }
}

function jsonLength (body: Buffer, headerLength: string | undefined): number {
  if (headerLength === undefined) return body.length
  const length = /^\d+$/.test(headerLength) ? Number(headerLength) : NaN
  if (length <= body.length) return length
  throw new ApiError('INVALID_PARAMETER',
    `Inference-Header-Content-Length: expected 0 to ${body.length}, the length of the body, found ${headerLength.slice(0, 32)}`)
}

/** @param rest the bytes after the JSON */
function inputOf ({ name, datatype, shape, data, parameters }: z.output<typeof inputSchema>, rest: Uint8Array): InputTensor {
  const { binary_data_size: size, content_type: contentType } = parameters
  const found = size ?? 0
  const refuse = (problem: string): never => { throw new ApiError('INVALID_PARAMETER', `${name}: ${problem}`) }
  if (found !== rest.length) refuse(`binary_data_size is ${found}, but ${rest.length} bytes follow the JSON`)
  if ((size === undefined) === (data === undefined)) refuse('expected either data or binary_data_size')
  return { name, datatype, shape, data, contentType, ...(size !== undefined && { bytes: rest }) }
}

function withoutIgnored (parameters: unknown): unknown {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return parameters
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !IGNORED_PARAMETERS.includes(name)))
}
