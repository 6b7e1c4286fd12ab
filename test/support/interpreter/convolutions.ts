import type { Node } from '../../../nn/tensor.ts'
import { countOf, operator, take, whole, wholes, type Value } from './value.ts'

/** Of a convolution from images to maps: y[row] reads x[row · stride + tap · dilation − pad]. */
interface Geometry {
  readonly group: number
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  /** Above, left, below, right. */
  readonly pads: readonly [number, number, number, number]
}

type Dims = readonly [n: number, c: number, height: number, width: number]

function geometryOf (node: Node, weight: Value): Geometry {
  const pair = (name: string, otherwise: readonly number[]) => wholes(node, name, otherwise) as readonly [number, number]
  return {
    group: whole(node, 'group', 1),
    kernel: weight.dims.slice(2) as [number, number],
    strides: pair('strides', [1, 1]),
    dilations: pair('dilations', [1, 1]),
    pads: wholes(node, 'pads', [0, 0, 0, 0]) as unknown as Geometry['pads']
  }
}

/** For each place of a map, the places in a channel of the image that the kernel's taps see there; −1 outside of it. */
function seenPlaces ([, , height, width]: Dims, [, , rows, columns]: Dims, { kernel, strides, dilations, pads }: Geometry): Int32Array {
  const seen = new Int32Array(rows * columns * kernel[0] * kernel[1])
  return seen.map((_, i) => {
    const tap = i % (kernel[0] * kernel[1])
    const place = Math.floor(i / kernel[0] / kernel[1])
    const y = Math.floor(place / columns) * strides[0] + Math.floor(tap / kernel[1]) * dilations[0] - pads[0]
    const x = (place % columns) * strides[1] + (tap % kernel[1]) * dilations[1] - pads[1]
    return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : -1
  })
}

/**
 * Calls `visit` for every place of a map and every group of channels, with the place in memory of the group's first value there in the map,
 * the start of its kernels, and the places in memory of the patch of the image that each of them sees; −1 outside of it.
 */
function eachPatch (
  from: Dims, to: Dims, geometry: Geometry, visit: (first: number, kernels: number, patch: Int32Array) => void
): void {
  const { group } = geometry
  const [channels, outs] = [from[1] / group, to[1] / group]
  const [plane, places] = [from[2] * from[3], to[2] * to[3]]
  const seen = seenPlaces(from, to, geometry)
  const taps = seen.length / places
  const patch = new Int32Array(channels * taps)
  for (let part = 0; part < to[0] * group; part++) {
    for (let place = 0; place < places; place++) {
      for (let c = 0, k = 0, start = part * channels * plane; c < channels; c++, start += plane) {
        for (let tap = place * taps; tap < (place + 1) * taps; tap++, k++) patch[k] = seen[tap]! < 0 ? -1 : start + seen[tap]!
      }
      visit(part * outs * places + place, (part % group) * outs * patch.length, patch)
    }
  }
}

/** Zeros, or each channel's bias. */
function biased (dims: Dims, bias: Value | undefined): Float64Array {
  const plane = dims[2] * dims[3]
  const data = new Float64Array(countOf(dims))
  if (bias) for (let i = 0; i < data.length; i += plane) data.fill(bias.data[(i / plane) % dims[1]]!, i, i + plane)
  return data
}

const conv = operator(([x, weight, bias], node) => {
  const geometry = geometryOf(node, weight!)
  const { kernel, strides, dilations, pads, group } = geometry
  const size = (i: 0 | 1): number =>
    Math.floor((x!.dims[2 + i]! + pads[i] + pads[i + 2]! - (kernel[i] - 1) * dilations[i] - 1) / strides[i]) + 1
  const dims: Dims = [x!.dims[0]!, weight!.dims[0]!, size(0), size(1)]
  const data = biased(dims, bias)
  eachPatch(x!.dims as unknown as Dims, dims, geometry, (first, kernels, patch) => {
    const values = take(x!.data, patch)
    for (let o = 0; o < dims[1] / group; o++) data[first + o * dims[2] * dims[3]]! += dot(values, weight!.data, kernels + o * values.length)
  })
  return { dims, data }
})

/** The transpose of `conv`: what that reads from, this adds to. */
const convTranspose = operator(([g, weight, bias], node) => {
  const geometry = geometryOf(node, weight!)
  const { kernel, strides, dilations, pads, group } = geometry
  const extra = wholes(node, 'output_padding', [0, 0])
  const size = (i: 0 | 1): number =>
    (g!.dims[2 + i]! - 1) * strides[i] + extra[i]! + (kernel[i] - 1) * dilations[i] + 1 - pads[i] - pads[i + 2]!
  const dims: Dims = [g!.dims[0]!, weight!.dims[1]! * group, size(0), size(1)]
  const [, outs, height, width] = g!.dims as unknown as Dims
  const data = biased(dims, bias)
  eachPatch(dims, g!.dims as unknown as Dims, geometry, (first, kernels, patch) => {
    const values = new Float64Array(patch.length)
    for (let o = 0; o < outs / group; o++) addTo(values, weight!.data, kernels + o * values.length, g!.data[first + o * height * width]!)
    patch.forEach((at, k) => { if (at >= 0) data[at]! += values[k]! })
  })
  return { dims, data }
})

function dot (values: Float64Array, weight: Float64Array, first: number): number {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += values[k]! * weight[first + k]!
  return sum
}

function addTo (values: Float64Array, weight: Float64Array, first: number, factor: number): void {
  for (let k = 0; k < values.length; k++) values[k]! += factor * weight[first + k]!
}

export const CONVOLUTIONS = { Conv: conv, ConvTranspose: convTranspose }
