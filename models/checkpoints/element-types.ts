import { bfloat16, float16 } from './float16.ts'

/** How one number of a tensor is stored; little-endian. */
export interface ElementType {
  /** Bytes per number. */
  readonly size: number
  readonly read: (bytes: DataView, offset: number) => number
}

/** Element types by the names that safetensors uses. Integers are counters (num_batches_tracked). */
export const ELEMENT_TYPES = {
  F64: { size: 8, read: (bytes, offset) => bytes.getFloat64(offset, true) },
  F32: { size: 4, read: (bytes, offset) => bytes.getFloat32(offset, true) },
  F16: { size: 2, read: (bytes, offset) => float16(bytes.getUint16(offset, true)) },
  BF16: { size: 2, read: (bytes, offset) => bfloat16(bytes.getUint16(offset, true)) },
  I64: { size: 8, read: (bytes, offset) => Number(bytes.getBigInt64(offset, true)) },
  I32: { size: 4, read: (bytes, offset) => bytes.getInt32(offset, true) },
  I16: { size: 2, read: (bytes, offset) => bytes.getInt16(offset, true) },
  I8: { size: 1, read: (bytes, offset) => bytes.getInt8(offset) },
  U8: { size: 1, read: (bytes, offset) => bytes.getUint8(offset) },
  BOOL: { size: 1, read: (bytes, offset) => bytes.getUint8(offset) }
} as const satisfies Record<string, ElementType>

/**
 * `count` numbers of a type as float32, from the byte `start` on.
 * @throws RangeError if they lie outside the bytes
 */
export function toFloats ({ size, read }: ElementType, bytes: Uint8Array, start: number, count: number): Float32Array {
  const isFloat32 = read === ELEMENT_TYPES.F32.read
  if (isFloat32) return new Float32Array(new Uint8Array(bytes.subarray(start, start + count * size)).buffer)
  const view = viewOf(bytes)
  const floats = new Float32Array(count)
  for (let i = 0; i < count; i++) floats[i] = read(view, start + i * size)
  return floats
}

/** The same bytes, to read numbers from. */
export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength)
