import { bfloat16, float16 } from './float16.ts'

/** How one number of a tensor is stored; little-endian. */
export interface ElementType {
  /** Bytes per number. */
  readonly size: number
  readonly read: (bytes: Buffer, offset: number) => number
}

/** Element types by the names that safetensors uses. Integers are counters (num_batches_tracked). */
export const ELEMENT_TYPES = {
  F64: { size: 8, read: (bytes, offset) => bytes.readDoubleLE(offset) },
  F32: { size: 4, read: (bytes, offset) => bytes.readFloatLE(offset) },
  F16: { size: 2, read: (bytes, offset) => float16(bytes.readUInt16LE(offset)) },
  BF16: { size: 2, read: (bytes, offset) => bfloat16(bytes.readUInt16LE(offset)) },
  I64: { size: 8, read: (bytes, offset) => Number(bytes.readBigInt64LE(offset)) },
  I32: { size: 4, read: (bytes, offset) => bytes.readInt32LE(offset) },
  I16: { size: 2, read: (bytes, offset) => bytes.readInt16LE(offset) },
  I8: { size: 1, read: (bytes, offset) => bytes.readInt8(offset) },
  U8: { size: 1, read: (bytes, offset) => bytes.readUInt8(offset) },
  BOOL: { size: 1, read: (bytes, offset) => bytes.readUInt8(offset) }
} as const satisfies Record<string, ElementType>

/**
 * `count` numbers of a type as float32, from the byte `start` on.
 * @throws RangeError if they lie outside the bytes
 */
export function toFloats ({ size, read }: ElementType, bytes: Buffer, start: number, count: number): Float32Array {
  const isFloat32 = read === ELEMENT_TYPES.F32.read
  if (isFloat32) return new Float32Array(new Uint8Array(bytes.subarray(start, start + count * size)).buffer)
  const floats = new Float32Array(count)
  for (let i = 0; i < count; i++) floats[i] = read(bytes, start + i * size)
  return floats
}
