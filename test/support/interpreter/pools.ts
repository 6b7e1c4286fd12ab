import type { Node } from '../../../nn/tensor.ts'
import { countOf, operator, whole, wholes, type Value } from './value.ts'

/** Calls `visit` for each window with the places in memory of its entries inside the image, and the size of the whole window. */
function windows (x: Value, node: Node, visit: (inside: number[], size: number) => void): number[] {
  const [n, c, h, w] = x.dims as [number, number, number, number]
  const kernel = wholes(node, 'kernel_shape', [])
  const strides = wholes(node, 'strides', [1, 1])
  const pads = wholes(node, 'pads', [0, 0, 0, 0])
  const count = (size: number, i: number): number => Math.floor((size + pads[i]! + pads[i + 2]! - kernel[i]!) / strides[i]!) + 1
  const inside = (at: number, i: number, size: number): number[] =>
    Array.from({ length: kernel[i]! }, (_, tap) => at * strides[i]! + tap - pads[i]!).filter(place => place >= 0 && place < size)
  const dims = [n, c, count(h, 0), count(w, 1)]
  for (let plane = 0; plane < n * c; plane++) {
    for (let row = 0; row < dims[2]!; row++) {
      for (let column = 0; column < dims[3]!; column++) {
        const columns = inside(column, 1, w)
        visit(inside(row, 0, h).flatMap(y => columns.map(x => (plane * h + y) * w + x)), kernel[0]! * kernel[1]!)
      }
    }
  }
  return dims
}

/** Indices are flat over the whole tensor. */
const maxPool = operator(([x], node) => {
  const indices: number[] = []
  const dims = windows(x!, node, inside => {
    indices.push(inside.reduce((best, place) => x!.data[place]! > x!.data[best]! ? place : best))
  })
  return [{ dims, data: Float64Array.from(indices, i => x!.data[i]!) }, { dims, data: Float64Array.from(indices) }]
})

const averagePool = operator(([x], node) => {
  const countsPadding = whole(node, 'count_include_pad', 0) === 1
  const means: number[] = []
  const dims = windows(x!, node, (inside, size) => {
    means.push(inside.reduce((sum, place) => sum + x!.data[place]!, 0) / (countsPadding ? size : inside.length))
  })
  return { dims, data: Float64Array.from(means) }
})

const globalAveragePool = operator(([x]) => {
  const dims = x!.dims.map((size, axis) => axis < 2 ? size : 1)
  const plane = countOf(x!.dims.slice(2))
  const mean = (_: unknown, i: number): number => x!.data.subarray(i * plane, (i + 1) * plane).reduce((a, b) => a + b, 0) / plane
  return { dims, data: Float64Array.from({ length: countOf(dims) }, mean) }
})

export const POOLS = { AveragePool: averagePool, GlobalAveragePool: globalAveragePool, MaxPool: maxPool }
