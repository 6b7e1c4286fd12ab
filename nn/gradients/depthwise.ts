import * as op from '../ops.ts'
import { floats, type Node, type Tensor } from '../tensor.ts'
import { sumOut } from './broadcasting.ts'
import { padded, strided, swapLast } from './dense.ts'
import { geometryOf, type Geometry } from './geometry.ts'
import { sizesOf } from './rule.ts'

/** Width of maps from which shifted products are faster than row products. */
const WIDE = 32

/** The gradient of the weight of a depthwise convolution. Both forms are much faster than a convolution with g as its kernel. */
export function depthwiseWeightGradient (conv: Node, g: Tensor): Tensor {
  const [x] = conv.inputs as [Tensor]
  const { kernel, stride } = geometryOf(conv)
  const isWide = Number(x.dim(3)) >= WIDE && stride === 1 && kernel === 3
  return isWide ? shiftedProducts(conv, g) : rowProducts(conv, g)
}

/** A tap at a time: dW[c, i, j] = Σ g[c] · x[c] shifted by (i, j), a dot product for each image and channel. */
function shiftedProducts (conv: Node, g: Tensor): Tensor {
  const [x, weight] = conv.inputs as [Tensor, Tensor]
  const { kernel, stride, padding } = geometryOf(conv)
  const [n, c, height, width] = sizesOf(g) as [number, number, number, number]
  const flat = (map: Tensor): Tensor => op.reshape(map, [n, c, 1, height * width])
  const around = padded(x, padding, padding)
  const taps = Array.from({ length: kernel * kernel }, (_, tap) => {
    const shifted = strided(around, [Math.floor(tap / kernel), tap % kernel], stride, [height, width])
    return op.matmul(flat(g), swapLast(flat(shifted)))
  })
  return op.reshape(sumOut(op.concat(taps, 3), [0]), sizesOf(weight))
}

/**
 * All rows of a channel at once: products of each of g's rows with the k rows of x that it sees, `[columns, k · w]` a channel summed over
 * rows and images, of which each tap is the sum along a diagonal: one more product, with a matrix of zeros and ones.
 */
function rowProducts (conv: Node, g: Tensor): Tensor {
  const [x, weight] = conv.inputs as [Tensor, Tensor]
  const { kernel, stride, padding } = geometryOf(conv)
  const [n, c, , w] = sizesOf(x) as [number, number, number, number]
  const [, , rows, columns] = sizesOf(g) as [number, number, number, number]
  const byChannel = (map: Tensor): Tensor => op.transpose(map, [1, 0, 2, 3])
  const seenRows = Array.from({ length: rows * kernel }, (_, i) => stride * Math.floor(i / kernel) + i % kernel)
  const seen = op.reshape(op.gather(padded(byChannel(x), padding, 0), seenRows, 2), [c, n * rows, kernel * w])
  const products = op.matmul(swapLast(op.reshape(byChannel(g), [c, n * rows, columns])), seen)
  const sums = op.matmul(op.reshape(products, [c, columns * kernel * w]), diagonals({ kernel, stride, padding, w, columns }))
  return op.reshape(sums, sizesOf(weight))
}

interface Diagonals extends Omit<Geometry, 'groups'> { readonly w: number, readonly columns: number }

/** `[columns · k · w, k · k]`: 1 where g's column and x's column belong to a tap. */
function diagonals ({ kernel, stride, padding, w, columns }: Diagonals): Tensor {
  const size = kernel * kernel
  const places = new Float32Array(columns * kernel * w * size)
  for (let column = 0; column < columns; column++) {
    for (let tap = 0; tap < size; tap++) {
      const at = stride * column + tap % kernel - padding
      const row = Math.floor(tap / kernel)
      if (at >= 0 && at < w) places[((column * kernel + row) * w + at) * size + tap] = 1
    }
  }
  return floats([columns * kernel * w, size], places)
}
