import { node } from '../node.ts'
import * as op from '../ops.ts'
import type { Node, Tensor } from '../tensor.ts'
import { sumOut } from './broadcasting.ts'
import { denseWeightGradient } from './dense.ts'
import { depthwiseWeightGradient } from './depthwise.ts'
import { geometryOf, outputPadding } from './geometry.ts'
import { sizesOf, type Rules } from './rule.ts'

export const CONVOLUTION_RULES: Rules = {
  /** y = x ∗ W + b: g ∗ W with input and output channels exchanged and kernels flipped, x ∗ g, Σg */
  Conv: (conv, [g], [wantsX, wantsWeight, wantsBias]) => [
    wantsX ? inputGradient(conv, g!) : undefined,
    wantsWeight ? weightGradient(conv, g!) : undefined,
    wantsBias ? sumOut(g!, [0, 2, 3]) : undefined
  ]
}

/** At stride 1, a convolution with flipped kernels: half the time of ConvTranspose where it is depthwise. */
function inputGradient (conv: Node, g: Tensor): Tensor {
  const [x, weight] = conv.inputs as [Tensor, Tensor]
  const { kernel, stride, padding, groups } = geometryOf(conv)
  if (stride === 1) return op.conv(g, flipped(weight, groups), undefined, { padding: kernel - 1 - padding, groups })
  return node('ConvTranspose', [g, weight], x.shape, { ...conv.attributes, output_padding: outputPadding(conv) })
}

/** Kernels turned by 180° of the convolution back: `[out, in / groups, k, k]` → `[in, out / groups, k, k]`. */
function flipped (weight: Tensor, groups: number): Tensor {
  const [out, perGroup, kernel] = sizesOf(weight) as [number, number, number, number]
  const taps = kernel * kernel
  const shape = [groups * perGroup, out / groups, kernel, kernel]
  if (groups === 1 && taps === 1) return op.reshape(op.transpose(op.reshape(weight, [out, perGroup]), [1, 0]), shape)
  const grouped = op.reshape(weight, [groups, out / groups, perGroup, taps])
  const exchanged = out === groups ? grouped : op.transpose(grouped, [0, 2, 1, 3])
  const order = Array.from({ length: taps }, (_, i) => taps - 1 - i)
  return op.reshape(taps === 1 ? exchanged : op.gather(exchanged, order, 3), shape)
}

function weightGradient (conv: Node, g: Tensor): Tensor {
  const [x] = conv.inputs as [Tensor]
  const isDepthwise = geometryOf(conv).groups === x.channels && g.channels === x.channels
  return isDepthwise ? depthwiseWeightGradient(conv, g) : denseWeightGradient(conv, g)
}
