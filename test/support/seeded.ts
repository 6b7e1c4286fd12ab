import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import type { Shape } from '../../nn/dim.ts'
import type { Weights } from '../../nn/scope.ts'
import type { Tensor } from '../../nn/tensor.ts'

/** Numbers in [0, 1) that depend on a text alone: FNV-1a of its UTF-8 seeds mulberry32. */
export function seeded (text: string): () => number {
  let state = Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export function seededFloats (text: string, count: number, map: (u: number) => number): Float32Array {
  const next = seeded(text)
  return Float32Array.from({ length: count }, () => map(next()))
}

/** The image that reference figures are made with: values of −2 … 2. */
export const seededImage = (size: number): Float32Array => seededFloats('input', 3 * size * size, u => 4 * u - 2)

/** Weights that depend on their names alone, as the reference figures' are; batch norms are not folded. */
export const seededWeights: Weights = {
  folded: false,
  get: (name, shape) => seededFloats(name, shape.reduce<number>((size, dim) => size * Number(dim), 1), fill(name, shape))
}

/** The seeded weights of these parameters as a checkpoint. */
export const seededStateDict = (params: ReadonlyMap<string, Tensor>): StateDict => ({
  folded: false,
  parameters: new Map([...params].map(([name, { shape }]) => [name, { shape: shape as number[], data: seededWeights.get(name, shape) }]))
})

function fill (name: string, shape: Shape): (u: number) => number {
  if (name.endsWith('running_mean') || name.endsWith('bias')) return u => (u - 0.5) * 0.2
  if (name.endsWith('pos_embed')) return u => (u - 0.5) * 0.04
  if (shape.length <= 1) return u => 0.5 + u
  const fanIn = shape.slice(1).reduce<number>((size, dim) => size * Number(dim), 1)
  return u => (2 * u - 1) * Math.sqrt(3 / fanIn)
}
