import type { Node } from '../../../nn/tensor.ts'
import { countOf, operator, whole, wholes, type Value } from './value.ts'

/** Of a convolution from images to maps: y[row] reads x[row · stride + tap · dilation − pad]. */
interface Geometry {
  readonly group: number
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  /** Above, left, below, right. */
  readonly pads: readonly [number, number, number, number]
}

type Dims = readonly [number, number, number, number]

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

/**
 * Calls `visit` for every row of products of one kernel tap: `count` neighbors in y, and in x every `step`-th value.
 * @param image of x, and `map` of y, both `[N, C, H, W]`
 */
function taps (
  image: Dims, map: Dims, { group, kernel, strides, dilations, pads }: Geometry,
  visit: (w: number, x: number, step: number, y: number, count: number) => void
): void {
  const [n, c, h, width] = image
  const [, o, rows, columns] = map
  const [perGroup, outs] = [c / group, o / group]
  for (let i = 0; i < n * o * perGroup * kernel[0] * kernel[1]; i++) {
    const kx = i % kernel[1]
    const ky = Math.floor(i / kernel[1]) % kernel[0]
    const ci = Math.floor(i / kernel[1] / kernel[0]) % perGroup
    const oi = Math.floor(i / kernel[1] / kernel[0] / perGroup) % o
    const ni = Math.floor(i / kernel[1] / kernel[0] / perGroup / o)
    const channel = Math.floor(oi / outs) * perGroup + ci
    const left = kx * dilations[1] - pads[1]
    const from = Math.max(0, Math.ceil(-left / strides[1]))
    const to = Math.min(columns - 1, Math.floor((width - 1 - left) / strides[1]))
    if (to < from) continue
    for (let row = 0; row < rows; row++) {
      const y = row * strides[0] + ky * dilations[0] - pads[0]
      if (y < 0 || y >= h) continue
      visit(((oi * perGroup + ci) * kernel[0] + ky) * kernel[1] + kx, ((ni * c + channel) * h + y) * width + from * strides[1] + left,
        strides[1], ((ni * o + oi) * rows + row) * columns + from, to - from + 1)
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
  const [n, , ...spatial] = x!.dims
  const { kernel, strides, dilations, pads } = geometry
  const size = (i: 0 | 1): number =>
    Math.floor((spatial[i]! + pads[i] + pads[i + 2]! - (kernel[i] - 1) * dilations[i] - 1) / strides[i]) + 1
  const dims: Dims = [n!, weight!.dims[0]!, size(0), size(1)]
  const data = biased(dims, bias)
  const [from, by] = [x!.data, weight!.data]
  taps(x!.dims as unknown as Dims, dims, geometry, (w, x, step, y, count) => {
    const factor = by[w]!
    for (let i = 0; i < count; i++) data[y + i]! += factor * from[x + i * step]!
  })
  return { dims, data }
})

/** The transpose of `conv`: what that reads from, this adds to. */
const convTranspose = operator(([g, weight, bias], node) => {
  const geometry = geometryOf(node, weight!)
  const [n, , ...spatial] = g!.dims
  const { kernel, strides, dilations, pads } = geometry
  const extra = wholes(node, 'output_padding', [0, 0])
  const size = (i: 0 | 1): number =>
    (spatial[i]! - 1) * strides[i] + extra[i]! + (kernel[i] - 1) * dilations[i] + 1 - pads[i] - pads[i + 2]!
  const dims: Dims = [n!, weight!.dims[1]! * geometry.group, size(0), size(1)]
  const data = biased(dims, bias)
  const [from, by] = [g!.data, weight!.data]
  taps(dims, g!.dims as unknown as Dims, geometry, (w, x, step, y, count) => {
    const factor = by[w]!
    for (let i = 0; i < count; i++) data[x + i * step]! += factor * from[y + i]!
  })
  return { dims, data }
})

export const CONVOLUTIONS = { Conv: conv, ConvTranspose: convTranspose }
