/** Tensors in the protocol: as JSON, or as little-endian bytes in C order. */
import { inChunks, totalBytes } from '../../../engine/chunks.ts'
import type { Chunks, DetectedObject } from '../../../engine/results.ts'
import { ApiError } from '../../errors.ts'

/** Element types of outputs. An element of BYTES is its length, as a uint32, followed by the bytes. */
export type DataType = 'BYTES' | 'FP32' | 'INT64'

/** An output tensor. */
export interface OutputTensor {
  readonly name: string
  readonly datatype: DataType
  readonly shape: readonly number[]
  readonly body: Chunks
}

const LENGTH_BYTES = 4
/** Number of bytes whose values are written as JSON at a time. */
const PIECE_BYTES = 2 ** 16

/** Detections by the names of outputs: `n` objects, highest score first. */
export function objectTensors (objects: readonly DetectedObject[]): OutputTensor[] {
  const n = objects.length
  const tensor = (name: string, datatype: DataType, shape: number[], { buffer, byteOffset, byteLength }: ArrayBufferView): OutputTensor =>
    ({ name, datatype, shape, body: inChunks(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)) })
  return [
    tensor('boxes', 'FP32', [n, 4], Float32Array.from(objects.flatMap(({ box }) => [...box]))),
    tensor('scores', 'FP32', [n], Float32Array.from(objects, ({ score }) => score)),
    tensor('class_ids', 'INT64', [n], BigInt64Array.from(objects, ({ classId }) => BigInt(classId))),
    tensor('labels', 'BYTES', [n], encodeTexts(objects.map(({ label }) => label)))
  ]
}

function encodeTexts (texts: readonly string[]): Buffer {
  return Buffer.concat(texts.flatMap(text => {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(bytes.length)
    return [length, bytes]
  }))
}

/** The elements of a BYTES tensor. @throws ApiError INVALID_PARAMETER if their number or length does not match the bytes */
export function decodeElements (bytes: Uint8Array, count: number, name: string): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let end = 0
  const elements = Array.from({ length: count }, (_, i) => {
    const start = end + LENGTH_BYTES
    end = start <= bytes.length ? start + view.getUint32(end, true) : Infinity
    if (end > bytes.length) throw new ApiError('INVALID_PARAMETER', `${name}: element ${i} is longer than the rest of the tensor`)
    return bytes.subarray(start, end)
  })
  if (end < bytes.length) throw new ApiError('INVALID_PARAMETER', `${name}: ${bytes.length - end} bytes follow the last of ${count} elements`)
  return elements
}

/** The values of JSON `data`, nested or flat. @throws ApiError INVALID_PARAMETER if they are deeper than the shape */
export function flatValues (data: unknown, rank: number, name: string): unknown[] {
  if (!Array.isArray(data)) throw new ApiError('INVALID_PARAMETER', `${name}: data: expected a list`)
  if (!data.some(Array.isArray)) return data
  if (rank <= 1) throw new ApiError('INVALID_PARAMETER', `${name}: data: lists are nested deeper than the shape has axes`)
  return data.flatMap(row => flatValues(row, rank - 1, name))
}

/** Whole numbers of JSON as bytes. @throws ApiError INVALID_PARAMETER if one is not 0 … 255 */
export function bytesOfValues (values: readonly unknown[], name: string): Uint8Array {
  const wrong = values.findIndex(value => !Number.isInteger(value) || (value as number) < 0 || (value as number) > 255)
  if (wrong >= 0) throw new ApiError('INVALID_PARAMETER', `${name}: data: value ${wrong} is not a whole number from 0 to 255`)
  return Uint8Array.from(values as number[])
}

/** A tensor's values as JSON, a list in pieces without its brackets. Values that are not finite are null. */
export function * jsonPieces (tensor: OutputTensor): Generator<string> {
  for (const bytes of slices(tensor)) yield JSON.stringify(valuesOf(tensor, bytes)).slice(1, -1)
}

/** Splits bytes at whole values: chunks are multiples of 8, but elements of BYTES have any length. */
function slices ({ datatype, body }: OutputTensor): Uint8Array[] {
  if (datatype === 'BYTES') return totalBytes(body) > 0 ? [Buffer.concat(body)] : []
  return body.flatMap(chunk => Array.from({ length: Math.ceil(chunk.length / PIECE_BYTES) }, (_, i) =>
    new Uint8Array(chunk.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES)))) // a copy, for alignment
}

function valuesOf ({ datatype, shape, name }: OutputTensor, bytes: Uint8Array): unknown[] {
  switch (datatype) {
    case 'BYTES': return decodeElements(bytes, shape[0]!, name).map(element => Buffer.from(element).toString())
    case 'FP32': return Array.from(new Float32Array(bytes.buffer))
    case 'INT64': return Array.from(new BigInt64Array(bytes.buffer), Number)
  }
}
