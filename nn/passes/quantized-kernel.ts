import { node } from '../node.ts'
import { floats, Tensor } from '../tensor.ts'
import { constantOf } from './rewrite.ts'

/** Bits of the weights of dense kernels: 8, or 7 where the processor adds up pairs of products in 16 bits, which saturate. */
export type KernelBits = 7 | 8

/**
 * The largest magnitude. −128 is not used, so that a negated kernel is valid, too. With 64, a pair of products is at most
 * 2 · 255 · 64 = 32,640 < 2¹⁵, so its sum is exact.
 */
const LARGEST = { 7: 64, 8: 127 } as const
/** Biases are int32, in steps of a sum of products. */
const LARGEST_BIAS = 2 ** 30

/**
 * A convolution's weight `[out, in, k, k]` as int8 with one scale for each output channel, and its bias `[out]` as int32 in steps of the
 * products of weights and inputs; both read as floats again.
 * @param inputScale the step of the input's bytes
 * @param bits of dense kernels; depthwise kernels always have eight, because their products are added up one by one
 */
export function quantizedKernel (weight: Tensor, bias: Tensor | undefined, inputScale: number, bits: KernelBits = 8): Tensor[] {
  const limit = LARGEST[isDense(weight) ? bits : 8]
  const values = constantOf(weight)!
  const biases = bias && constantOf(bias)!
  const size = values.length / Number(weight.dim(0))
  const scales = Float32Array.from({ length: values.length / size }, (_, c) => {
    const largest = values.subarray(c * size, (c + 1) * size).reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    return Math.max(largest / limit, Math.abs(biases?.[c] ?? 0) / inputScale / LARGEST_BIAS) || 1
  })
  const bytes = Int8Array.from(values, (value, i) => Math.round(value / scales[Math.floor(i / size)]!))
  const kernel = dequantized(new Tensor(weight.shape, 'int8', { kind: 'constant', data: bytes }), scales)
  if (!biases) return [kernel]
  const steps = scales.map(scale => scale * inputScale)
  const whole = Int32Array.from(biases, (value, c) => Math.round(value / steps[c]!))
  return [kernel, dequantized(new Tensor([whole.length], 'int32', { kind: 'constant', data: whole }), steps)]
}

/** Whether its sums are over several channels. */
const isDense = (weight: Tensor): boolean => weight.channels > 1

const dequantized = (x: Tensor, scales: Float32Array): Tensor =>
  node('DequantizeLinear', [x, floats([scales.length], scales)], x.shape, { axis: 0 })
