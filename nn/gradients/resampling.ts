import { GradientError } from '../errors.ts'
import * as op from '../ops.ts'
import { floats, type Tensor } from '../tensor.ts'
import { single, sizesOf, type Rules } from './rule.ts'

export const RESAMPLING_RULES: Rules = {
  /** Bilinear, half-pixel centers: y = A·x·B along height and width, so the gradient is Aᵀ·g·Bᵀ. */
  Resize: single((g, { inputs: [x], outputs: [y], attributes }) => {
    const { mode, coordinate_transformation_mode: coordinates = 'half_pixel' } = attributes
    if (mode !== 'linear' || coordinates !== 'half_pixel') throw new GradientError('Resize that is not bilinear')
    const [, , height, width] = sizesOf(x!) as [number, number, number, number]
    const [, , rows, columns] = sizesOf(y!) as [number, number, number, number]
    return op.matmul(op.matmul(resampling(height, rows), g), op.transpose(resampling(width, columns), [1, 0]))
  })
}

/** `[from, to]`: the weight of each sample in each resampled one. Samples past the edges are the edges'. */
function resampling (from: number, to: number): Tensor {
  const weights = new Float32Array(from * to)
  for (let i = 0; i < to; i++) {
    const at = Math.min(Math.max((i + 0.5) * from / to - 0.5, 0), from - 1)
    const low = Math.floor(at)
    weights[low * to + i]! += 1 - (at - low)
    if (low + 1 < from) weights[(low + 1) * to + i]! += at - low
  }
  return floats([from, to], weights)
}
