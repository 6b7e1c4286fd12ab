import type { Chunks } from './results.ts'

export const CHUNK_BYTES = 2 ** 20

/** The same bytes in pieces that messages carry. Copies nothing. */
export function inChunks (bytes: Uint8Array): Chunks {
  const count = Math.ceil(bytes.length / CHUNK_BYTES)
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES))
}

/** How many bytes all pieces have. */
export const totalBytes = (chunks: Chunks): number => chunks.reduce((sum, { length }) => sum + length, 0)
