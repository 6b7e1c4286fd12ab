import { node } from '../node.ts'
import { floats, Tensor } from '../tensor.ts'
import { constantOf } from './rewrite.ts'

/** The largest int8; −128 is not used, so that a negated kernel is valid, too. */
const LARGEST = 127
/** Biases are int32, in steps of a sum of products. */
const LARGEST_BIAS = 2 ** 30

/**
 * A convolution's weight `[out, in, k, k]` as int8 with one scale for each output channel, and its bias `[out]` as int32 in steps of the
 * products of weights and inputs; both read as floats again.
 * @param inputScale the step of the input's bytes
 */
export function quantizedKernel (weight: Tensor, bias: Tensor | undefined, inputScale: number): Tensor[] {
  const values = constantOf(weight)!
  const biases = bias && constantOf(bias)!
  const size = values.length / Number(weight.dim(0))
  const scales = Float32Array.from({ length: values.length / size }, (_, c) => {
    const largest = values.subarray(c * size, (c + 1) * size).reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    return Math.max(largest / LARGEST, Math.abs(biases?.[c] ?? 0) / inputScale / LARGEST_BIAS) || 1
  })
  const bytes = Int8Array.from(values, (value, i) => Math.round(value / scales[Math.floor(i / size)]!))
  const kernel = dequantized(new Tensor(weight.shape, 'int8', { kind: 'constant', data: bytes }), scales)
  if (!biases) return [kernel]
  const steps = scales.map(scale => scale * inputScale)
  const whole = Int32Array.from(biases, (value, c) => Math.round(value / steps[c]!))
  return [kernel, dequantized(new Tensor([whole.length], 'int32', { kind: 'constant', data: whole }), steps)]
}

const dequantized = (x: Tensor, scales: Float32Array): Tensor =>
  node('DequantizeLinear', [x, floats([scales.length], scales)], x.shape, { axis: 0 })
