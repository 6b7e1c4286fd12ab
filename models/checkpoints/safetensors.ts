/**
 * The safetensors format: the header's length (u64, little-endian), the header as JSON, the tensors.
 * https://github.com/huggingface/safetensors
 * It runs in browsers, too.
 */
import { CheckpointError } from './errors.ts'
import { ELEMENT_TYPES, toFloats, viewOf, type ElementType } from './element-types.ts'
import type { Parameter, StateDict, Tensors } from './state-dict.ts'

const FORMAT = 'safetensors'
const LENGTH_BYTES = 8
const ALIGNMENT = 8
const BRACE = 0x7b
const SPACE = 0x20

interface Entry { dtype: string, shape: number[], data_offsets: [start: number, end: number] }

interface Writable { readonly shape: readonly number[], readonly data: Float32Array | Int32Array | BigInt64Array }

/** Serializes tensors with text metadata. Tensors of wide elements come first, so that each is aligned to its own. */
export function writeSafetensors (
  tensors: ReadonlyMap<string, Writable>, metadata: Record<string, string> = {}
): Uint8Array {
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT)
  const entries: Record<string, Entry> = {}
  let end = 0
  for (const [name, { shape, data }] of ordered) {
    entries[name] = { dtype: dtype(data), shape: [...shape], data_offsets: [end, end += data.byteLength] }
  }
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }))
  const start = LENGTH_BYTES + json.length + (-json.length & (ALIGNMENT - 1))
  const file = new Uint8Array(start + end).fill(SPACE, 0, start)
  viewOf(file).setBigUint64(0, BigInt(start - LENGTH_BYTES), true)
  file.set(json, LENGTH_BYTES)
  for (const [name, { data }] of ordered) file.set(bytesOf(data), start + entries[name]!.data_offsets[0])
  return file
}

function dtype (data: Writable['data']): string {
  if (data instanceof Float32Array) return 'F32'
  return data instanceof Int32Array ? 'I32' : 'I64'
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Writable['data']): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** Whether a file begins as safetensors files do: with a length that fits and a JSON object. */
export const isSafetensors = (file: Uint8Array): boolean =>
  file[LENGTH_BYTES] === BRACE && file.subarray(4, LENGTH_BYTES).every(byte => byte === 0)

/**
 * Reads a checkpoint. Batch norms are folded into the convolutions if the metadata has `folded: "true"` or, without such
 * metadata, if there are no running statistics.
 * @throws CheckpointError if the file is not of the format, or a tensor lies outside it
 */
export function readSafetensors (file: Uint8Array): StateDict {
  const { metadata, entries, body } = partsOf(file)
  const tensors = readTensors(entries, body)
  const names = [...tensors.parameters.keys()]
  const isUnfolded = names.length === 0 || names.some(name => name.endsWith('.running_var'))
  return { folded: (metadata['folded'] ?? String(!isUnfolded)) === 'true', ...tensors }
}

/** The text metadata of a file; empty if it has none. @throws CheckpointError if the file is not of the format */
export const safetensorsMetadata = (file: Uint8Array): Readonly<Record<string, unknown>> => partsOf(file).metadata

interface Parts {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly entries: Readonly<Record<string, unknown>>
  readonly body: Uint8Array
}

function partsOf (file: Uint8Array): Parts {
  const start = LENGTH_BYTES + headerLength(file)
  const { __metadata__: metadata, ...entries } = parseHeader(file.subarray(LENGTH_BYTES, start))
  return { metadata: { ...metadata as object | null | undefined }, entries, body: file.subarray(start) }
}

function headerLength (file: Uint8Array): number {
  const length = file.length < LENGTH_BYTES ? NaN : Number(viewOf(file).getBigUint64(0, true))
  if (!(length <= file.length - LENGTH_BYTES)) throw new CheckpointError(FORMAT, 'the file is shorter than its header')
  return length
}

function parseHeader (bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof header === 'object' && header !== null) return { ...header }
  } catch {}
  throw new CheckpointError(FORMAT, 'the header is not a JSON object')
}

/** Tensors don't overlap, so all of them together are no larger than the file. */
function readTensors (entries: Readonly<Record<string, unknown>>, body: Uint8Array): Tensors {
  const parameters = new Map<string, Parameter>()
  const unreadable = new Map<string, string>()
  let total = 0
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: [start, end] } = checkedEntry(name, entry, body.length)
    total += end - start
    if (total > body.length) throw new CheckpointError(FORMAT, `${name} overlaps with another tensor`)
    const type = elementType(dtype)
    const count = shape.reduce((a, b) => a * b, 1)
    if (type && end - start !== count * type.size) throw misplaced(name)
    if (type) parameters.set(name, { shape, data: toFloats(type, body, start, count) })
    else unreadable.set(name, dtype)
  }
  return { parameters, ...(unreadable.size > 0 && { unreadable }) }
}

const elementType = (dtype: string): ElementType | undefined =>
  Object.hasOwn(ELEMENT_TYPES, dtype) ? ELEMENT_TYPES[dtype as keyof typeof ELEMENT_TYPES] : undefined

function checkedEntry (name: string, entry: unknown, length: number): Entry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<Entry>
  if (typeof dtype !== 'string' || !isIndices(shape) || !isIndices(offsets)) throw misplaced(name)
  const [start, end] = offsets
  if (!(start <= end && end <= length)) throw misplaced(name)
  return { dtype, shape, data_offsets: [start, end] }
}

const isIndices = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0)

const misplaced = (name: string): CheckpointError =>
  new CheckpointError(FORMAT, `${name} does not fit its place in the file`)
