import type { Chunks } from './results.ts'

export const CHUNK_BYTES = 2 ** 20

/** Splits bytes into pieces for messages, without copying. */
export function inChunks (bytes: Uint8Array): Chunks {
  const count = Math.ceil(bytes.length / CHUNK_BYTES)
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES))
}

/** Total number of bytes of all pieces. */
export const totalBytes = (chunks: Chunks): number => chunks.reduce((sum, { length }) => sum + length, 0)
