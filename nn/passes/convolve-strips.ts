import { isNumber } from '../dim.ts'
import { node } from '../node.ts'
import * as op from '../ops.ts'
import { floats, scalar, type Node, type Tensor } from '../tensor.ts'
import { constantOf, madeBy, rewrite, type Pass } from './rewrite.ts'

/** Adjacent outputs that are computed together. Two were fastest; more mean more zeros in the kernel. */
const OUTPUTS = 2
/** Pixels and values per cell. */
const WIDTH = 2 * OUTPUTS
const DEPTH = 3 * WIDTH
/** Subtracted from every byte. ImageNet's mean color is 104 to 124: the area outside the photo is a gray close to it. */
const GRAY = 114

/**
 * A 3×3 convolution of stride 2 over the three channels of a photo, as one over cells of four adjacent pixels: it reads bytes twelve
 * at a time instead of three, which is the bottleneck in int8. The mean goes into the bias. The values differ along the upper and the
 * left edge, where the padding is gray and not exactly the mean color.
 */
export const convolveStrips: Pass = graph => rewrite(graph, conv => {
  const sub = isStem(conv) ? madeBy('Sub', conv.inputs[0]) : undefined
  const pixels = madeBy('Cast', madeBy('Transpose', sub?.inputs[0])?.inputs[0])?.inputs[0]
  const [weight, bias, mean] = [conv.inputs[1], conv.inputs[2], sub?.inputs[1]].map(constantOf)
  if (!pixels || !weight || !bias || mean?.length !== 3 || !fits(pixels)) return
  const [, height, width] = pixels.shape as readonly number[]
  const cells = op.transpose(op.reshape(pixels, [1, height!, width! / WIDTH, DEPTH]), [0, 3, 1, 2])
  const y = convolve(op.sub(op.toFloat(cells), scalar(GRAY)), kernelOverCells(weight, bias.length), biasOverCells(weight, bias, mean))
  return op.transpose(op.reshape(op.transpose(y, [0, 2, 3, 1]), [1, height! / 2, width! / 2, bias.length]), [0, 3, 1, 2])
})

function isStem ({ op, attributes: { group, kernel_shape: kernel, pads, strides } }: Node): boolean {
  return op === 'Conv' && group === 1 && String(kernel) === '3,3' && String(pads) === '1,1,1,1' && String(strides) === '2,2'
}

/** uint8 `[1, H, W, 3]`, which cells must divide. */
function fits ({ type, shape: [count, height, width] }: Tensor): boolean {
  return type === 'uint8' && count === 1 && isNumber(height!) && isNumber(width!) && height % 2 === 0 && width % WIDTH === 0
}

/** Each cell's outputs also depend on the last pixel of the previous cell. */
function convolve (x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const attributes = { group: 1, kernel_shape: [3, 2], pads: [1, 1, 1, 0], strides: [2, 1] }
  return node('Conv', [x, weight, bias], [1, weight.dim(0), Number(x.dim(2)) / 2, x.dim(3)], attributes)
}

/** `[out, 3, 3, 3]` → `[OUTPUTS · out, DEPTH, 3, 2]`. */
function kernelOverCells (weight: Float32Array, out: number): Tensor {
  const kernel = new Float32Array(OUTPUTS * out * DEPTH * 3 * 2)
  for (const [i, value] of weight.entries()) {
    const [column, row, color, c] = [i % 3, Math.floor(i / 3) % 3, Math.floor(i / 9) % 3, Math.floor(i / 27)]
    for (let output = 0; output < OUTPUTS; output++) {
      const pixel = WIDTH + 2 * output - 1 + column // counted from the previous cell
      const depth = pixel % WIDTH * 3 + color
      kernel[(((output * out + c) * DEPTH + depth) * 3 + row) * 2 + Math.floor(pixel / WIDTH)] = value
    }
  }
  return floats([OUTPUTS * out, DEPTH, 3, 2], kernel)
}

/** Σ w·(x − mean) + b = Σ w·(x − GRAY) + b − Σ w·(mean − GRAY). */
function biasOverCells (weight: Float32Array, bias: Float32Array, mean: Float32Array): Tensor {
  const shifted = Float32Array.from(bias)
  for (const [i, value] of weight.entries()) shifted[Math.floor(i / 27)]! -= value * (mean[Math.floor(i / 9) % 3]! - GRAY)
  return floats([OUTPUTS * bias.length], Float32Array.from({ length: OUTPUTS * bias.length }, (_, i) => shifted[i % bias.length]!))
}
