/** The safetensors format: a header's length (u64, little-endian), the header in JSON, the tensors. https://github.com/huggingface/safetensors */
import { CheckpointError } from './errors.ts'
import type { Parameter, StateDict } from './state-dict.ts'

const LENGTH_BYTES = 8
const ALIGNMENT = 8
interface Entry { dtype: string, shape: number[], data_offsets: [start: number, end: number] }
type Header = Record<string, Entry> & { __metadata__?: Record<string, string> }

interface Writable { readonly shape: readonly number[], readonly data: Float32Array | Int32Array | BigInt64Array }

/** Serializes tensors with text metadata; those of wide elements come first, so that each is aligned to its own. */
export function writeSafetensors (tensors: ReadonlyMap<string, Writable>, metadata: Record<string, string> = {}): Uint8Array {
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT)
  const entries: Record<string, Entry> = {}
  let end = 0
  for (const [name, { shape, data }] of ordered) {
    entries[name] = { dtype: dtype(data), shape: [...shape], data_offsets: [end, end += data.byteLength] }
  }
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...entries }))
  const header = Buffer.concat([json, Buffer.alloc(-json.length & (ALIGNMENT - 1), ' ')])
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, ...ordered.map(([, { data }]) => bytesOf(data))])
}

function dtype (data: Writable['data']): string {
  if (data instanceof Float32Array) return 'F32'
  return data instanceof Int32Array ? 'I32' : 'I64'
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Writable['data']): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength)

/**
 * Reads a checkpoint of float32 tensors. Its metadata says `folded: "true"` where batch norms are folded into the convolutions.
 * @throws CheckpointError when the file is not of the format, or a tensor lies outside it
 */
export function readSafetensors (file: Uint8Array): StateDict {
  const start = LENGTH_BYTES + headerLength(file)
  const { __metadata__: metadata, ...entries } = parseHeader(file.subarray(LENGTH_BYTES, start))
  const body = new Uint8Array(file.subarray(start)) // a copy: Float32Array needs aligned offsets
  const parameters = new Map(Object.entries(entries).map(([name, entry]) => [name, readTensor(name, entry, body)]))
  return { folded: metadata?.['folded'] === 'true', parameters }
}

function headerLength (file: Uint8Array): number {
  const length = file.length < LENGTH_BYTES ? NaN : Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  if (!(length <= file.length - LENGTH_BYTES)) throw new CheckpointError('safetensors', 'the file is shorter than its header')
  return length
}

function parseHeader (bytes: Uint8Array): Header {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Header
  } catch {
    throw new CheckpointError('safetensors', 'the header is not JSON')
  }
}

function readTensor (name: string, { dtype, shape, data_offsets: [start, end] }: Entry, body: Uint8Array): Parameter {
  if (dtype !== 'F32') throw new CheckpointError('safetensors', `${name} is ${dtype}, not F32`)
  const count = shape.reduce((a, b) => a * b, 1)
  if (end > body.length || end - start !== count * 4) throw new CheckpointError('safetensors', `${name} does not fit its place in the file`)
  return { shape, data: new Float32Array(body.buffer, body.byteOffset + start, count) }
}
