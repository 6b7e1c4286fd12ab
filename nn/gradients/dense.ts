import * as op from '../ops.ts'
import { floats, integers, type Node, type Tensor } from '../tensor.ts'
import { node } from '../node.ts'
import { sumOut } from './broadcasting.ts'
import { geometryOf, type Geometry } from './geometry.ts'
import { sizesOf } from './rule.ts'

/** Values of a map up to which one product of all images together is faster. */
const SMALL = 200

/**
 * The gradient of the weight of a convolution, grouped or not: for each image and group, g times the transposed taps of x, the sum over
 * images. onnxruntime fuses the transposition.
 */
export function denseWeightGradient (conv: Node, g: Tensor): Tensor {
  const [x, weight] = conv.inputs as [Tensor, Tensor]
  const { groups, ...geometry } = geometryOf(conv)
  const [n, out, height, width] = sizesOf(g) as [number, number, number, number]
  const seen = taps(x, geometry, height, width)
  if (groups === 1 && height * width <= SMALL) return op.reshape(op.matmul(joined(g), swapLast(joined(seen))), sizesOf(weight))
  const perGroup = seen.channels / groups
  const lead = groups === 1 ? [n] : [n, groups]
  const products = op.matmul(
    op.reshape(g, [...lead, out / groups, height * width]),
    swapLast(op.reshape(seen, [...lead, perGroup, height * width]))
  )
  return op.reshape(sumOut(products, [0]), sizesOf(weight))
}

/** The values of each channel of all images: `[N, C, H, W]` → `[C, N · H · W]`. */
function joined (x: Tensor): Tensor {
  const [n, c, height, width] = sizesOf(x) as [number, number, number, number]
  return op.reshape(op.transpose(op.reshape(x, [n, c, height * width]), [1, 0, 2]), [c, n * height * width])
}

export const swapLast = (x: Tensor): Tensor => op.transpose(x, [...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2))

/** Channels up to which a convolution computes the taps of a strided one faster than strided slices do: those of a photo. */
const FEW = 4

/** The values that each tap of a kernel sees, side by side: `[N, C, H, W]` → `[N, C · k · k, height, width]`. */
function taps (x: Tensor, { kernel, stride, padding }: Omit<Geometry, 'groups'>, height: number, width: number): Tensor {
  if (kernel === 1 && stride === 1) return x
  if (stride > 1 && x.channels <= FEW) return op.conv(x, oneHot(x.channels, kernel), undefined, { stride, padding })
  const [n, c] = sizesOf(x) as [number, number]
  const around = padded(x, padding, padding)
  const views = Array.from({ length: kernel * kernel }, (_, tap) => {
    const view = strided(around, [Math.floor(tap / kernel), tap % kernel], stride, [height, width])
    return op.reshape(view, [n, c, 1, height * width])
  })
  return op.reshape(op.concat(views, 2), [n, c * kernel * kernel, height, width])
}

/** A kernel for each tap of each channel, which takes its value. */
function oneHot (channels: number, kernel: number): Tensor {
  const count = channels * kernel * kernel
  const values = new Float32Array(count * count)
  for (let i = 0; i < count; i++) values[i * (count + 1)] = 1
  return floats([count, channels, kernel, kernel], values)
}

/** x with zeros above and below, left and right. */
export function padded (x: Tensor, vertical: number, horizontal: number): Tensor {
  const [n, c, h, w] = sizesOf(x) as [number, number, number, number]
  if (vertical === 0 && horizontal === 0) return x
  return op.pad(x, integers([0, 0, vertical, horizontal, 0, 0, vertical, horizontal]), [n, c, h + 2 * vertical, w + 2 * horizontal])
}

type Pair = readonly [vertical: number, horizontal: number]

/** Rows and columns from a start on, `stride` apart. */
export function strided (x: Tensor, [top, left]: Pair, stride: number, [height, width]: Pair): Tensor {
  const ends = [top + (height - 1) * stride + 1, left + (width - 1) * stride + 1]
  const inputs = [x, integers([top, left]), integers(ends), integers([2, 3]), integers([stride, stride])]
  return node('Slice', inputs, [...x.shape.slice(0, 2), height, width])
}
