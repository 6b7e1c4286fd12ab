import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'
import { quantize } from '../../nn/passes/quantize.ts'
import type { KernelBits } from '../../nn/passes/quantized-kernel.ts'
import { floats, input } from '../../nn/tensor.ts'
import { runOnnx } from './run.ts'

const SIZE = 6
const CHANNELS = 32
/** Input bytes: the brightest, so that sums are as large as they can be. */
const BRIGHT = 255
/** Range of the output; its step is 1. */
const LIMIT = 255

/** The exact output of a channel, never half way between two bytes. */
const outputOf = (c: number): number => (c + 0.5) / CHANNELS * LIMIT

export const KINDS = ['pointwise', 'dense', 'depthwise'] as const
export type Kind = typeof KINDS[number]

/**
 * How many output bytes of a quantized convolution differ from exact integer arithmetic, if every product is as large as it can be.
 * The weights of one channel are all equal, so rounding them to any number of bits changes no value.
 */
export async function wrongSums (kind: Kind, bits: KernelBits): Promise<number> {
  const k = kind === 'pointwise' ? 1 : 3
  const groups = kind === 'depthwise' ? CHANNELS : 1
  const products = CHANNELS / groups * k * k
  const x = input('x', [1, CHANNELS, SIZE, SIZE])
  const weights = Float32Array.from({ length: CHANNELS * products }, (_, i) =>
    outputOf(Math.floor(i / products)) / products / BRIGHT)
  const y = op.conv(x, floats([CHANNELS, CHANNELS / groups, k, k], weights), floats([CHANNELS], new Float32Array(CHANNELS)), { groups })
  const { outputs } = quantize({ x: [0, BRIGHT], y: [0, LIMIT] }, bits)({ outputs: new Map([['y', y]]), names: new Map([['y', y]]) })
  const data = new Float32Array(CHANNELS * SIZE * SIZE).fill(BRIGHT)
  const found = (await runOnnx(toOnnx({ outputs }), { x: { dims: [1, CHANNELS, SIZE, SIZE], data } }))['y']!
  const [, , height, width] = found.dims as [number, number, number, number]
  return found.data.filter((value, i) => value !== Math.round(outputOf(Math.floor(i / height / width)))).length
}
