import { product } from '../dim.ts'
import * as op from '../ops.ts'
import { floats, type Tensor } from '../tensor.ts'

/** Channels per block of onnxruntime's layout for convolutions: 16 with AVX-512; where it is 8, two blocks make one of these. */
export const BLOCK = 16

/** Stands for an unused channel. */
export const NONE = -1

/** A map with reordered channels: `channels` are their numbers in the original map. */
export interface Arranged { readonly tensor: Tensor, readonly channels: readonly number[] }

/** Channels, padded with NONE to whole blocks. */
export const padded = (channels: readonly number[]): number[] =>
  [...channels, ...Array<number>(-channels.length & (BLOCK - 1)).fill(NONE)]

/** Concatenates maps. */
export function join (parts: readonly Arranged[]): Arranged {
  if (parts.length === 1) return parts[0]!
  return { tensor: op.concat(parts.map(({ tensor }) => tensor)), channels: parts.flatMap(({ channels }) => channels) }
}

/**
 * Extracts the channels that are read from parts that are half unused or more, with a convolution with ones, if that
 * leaves fewer blocks to read.
 */
export function pack (parts: readonly Arranged[]): readonly Arranged[] {
  const sparse = parts.filter(({ channels }) => 2 * named(channels).length <= channels.length)
  const from = sparse.flatMap(({ channels }) => channels)
  const channels = padded(named(from))
  if (channels.length >= from.length) return parts
  const ones = Float32Array.from(channels.flatMap(c => from.map(other => Number(c !== NONE && c === other))))
  const tensor = op.conv(join(sparse).tensor, floats([channels.length, from.length, 1, 1], ones))
  return [...parts.filter(part => !sparse.includes(part)), { tensor, channels }]
}

/** The map reduced to the given channels. */
export function inOrder ({ tensor, channels }: Arranged, wanted: readonly number[]): Tensor {
  return wanted.join() === channels.join() ? tensor : op.gather(tensor, wanted.map(c => channels.indexOf(c)), 1)
}

/** The given entries of a constant along an axis, zeros for NONE. */
export function entriesOf (x: Tensor, entries: readonly number[], axis: number): Tensor {
  if (entries.length === x.dim(axis) && entries.every((entry, i) => entry === i)) return x
  const { data } = x.source as { data: Float32Array }
  const stride = Number(product(x.shape.slice(axis + 1)))
  const block = stride * Number(x.dim(axis))
  const picked = new Float32Array(data.length / block * entries.length * stride)
  let to = 0
  for (let start = 0; start < data.length; start += block) {
    for (const entry of entries) {
      if (entry !== NONE) for (let i = 0; i < stride; i++) picked[to + i] = data[start + entry * stride + i]!
      to += stride
    }
  }
  return floats(x.shape.with(axis, entries.length), picked)
}

const named = (channels: readonly number[]): number[] => channels.filter(c => c !== NONE)
