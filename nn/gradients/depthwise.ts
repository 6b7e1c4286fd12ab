import * as op from '../ops.ts'
import { floats, type Node, type Tensor } from '../tensor.ts'
import { sumOver } from './broadcasting.ts'
import { padded, strided, swapLast } from './dense.ts'
import { geometryOf, type Geometry } from './geometry.ts'
import { sizesOf } from './rule.ts'

/** Width of maps from which shifted products are faster than row products. */
const WIDE = 32

/** The gradient of the weight of a depthwise convolution. Both forms are much faster than a convolution with g as its kernel. */
export function depthwiseWeightGradient (conv: Node, g: Tensor): Tensor {
  const [x] = conv.inputs as [Tensor]
  const isWide = Number(x.dim(3)) >= WIDE && geometryOf(conv).stride === 1
  return isWide ? shiftedProducts(conv, g) : rowProducts(conv, g)
}

/** A tap at a time: dW[c, i, j] = Σ g[c] · x[c] shifted by (i, j). */
function shiftedProducts (conv: Node, g: Tensor): Tensor {
  const [x, weight] = conv.inputs as [Tensor, Tensor]
  const { kernel, stride, padding } = geometryOf(conv)
  const [, c, height, width] = sizesOf(g) as [number, number, number, number]
  const around = padded(x, padding, padding)
  const taps = Array.from({ length: kernel * kernel }, (_, tap) => {
    const view = strided(around, [Math.floor(tap / kernel), tap % kernel], stride, [height, width])
    return op.reshape(sumOver(op.mul(g, view), [0, 2, 3]), [c, 1])
  })
  return op.reshape(op.concat(taps), sizesOf(weight))
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
  const seenRows = Array.from({ length: rows * kernel }, (_, i) => stride * Math.floor(i / kernel) + i % kernel)
  const seen = op.gather(padded(x, padding, 0), seenRows, 2)
  const byChannel = (t: Tensor, width: number): Tensor =>
    op.reshape(op.transpose(op.reshape(t, [n, c, rows, width]), [1, 0, 2, 3]), [c, n * rows, width])
  const products = op.matmul(swapLast(byChannel(g, columns)), byChannel(seen, kernel * w))
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
