import type { Chunks } from './results.ts'

export const CHUNK_BYTES = 2 ** 20

/** Bytes in one piece, or in several, such as they arrived. */
export type Bytes = Uint8Array | Chunks

/** Splits bytes into pieces for messages, without copying. */
export function inChunks (bytes: Uint8Array): Chunks {
  const count = Math.ceil(bytes.length / CHUNK_BYTES)
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES))
}

/** Total number of bytes of all pieces. */
export const totalBytes = (chunks: Chunks): number => chunks.reduce((sum, { length }) => sum + length, 0)

export const lengthOf = (bytes: Bytes): number => bytes instanceof Uint8Array ? bytes.length : totalBytes(bytes)

/** Bytes in one piece. Only several are copied. */
export function joined (bytes: Bytes): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  return bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes)
}
