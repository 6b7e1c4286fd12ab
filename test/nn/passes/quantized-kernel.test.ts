import t from 'tap'
import { quantizedKernel } from '../../../nn/passes/quantized-kernel.ts'
import { madeBy } from '../../../nn/passes/rewrite.ts'
import { floats } from '../../../nn/tensor.ts'
import { numbers } from '../../support/passes.ts'
import { run } from '../../support/run.ts'

const data = numbers('weight', 24).map((value, i) => i < 8 ? value * 100 : value)

t.test('every output channel has a scale of its own', async t => {
  const [kernel] = quantizedKernel(floats([3, 8, 1, 1], data), undefined, 1)
  const found = (await run({ y: kernel! }, {}))['y']!.data
  for (const [c, tolerance] of [50, 0.5, 0.5].entries()) {
    for (let i = 8 * c; i < 8 * c + 8; i++) t.ok(Math.abs(found[i]! - data[i]!) <= tolerance / 127 * 1.01)
  }
})

t.test('biases are kept to a part of the smallest product', async t => {
  const bias = Float32Array.of(3, -2, 1e6)
  const [, whole] = quantizedKernel(floats([3, 8, 1, 1], data), floats([3], bias), 0.02)
  const found = (await run({ y: whole! }, {}))['y']!.data
  for (const [c, value] of bias.entries()) t.ok(Math.abs(found[c]! - value) <= Math.max(0.02 * 100 / 127, Math.abs(value) * 1e-6), `${value}`)
})

t.test('a channel of zeros stays one', async t => {
  const [kernel, bias] = quantizedKernel(floats([1, 8, 1, 1], new Float32Array(8)), floats([1], new Float32Array(1)), 0.1)
  const { y, b } = await run({ y: kernel!, b: bias! }, {})
  t.ok([...y!.data, ...b!.data].every(value => value === 0))
})

t.test('with seven bits, pairs of products of dense kernels fit 16 bits; depthwise kernels keep eight', t => {
  const largestOf = (shape: number[], bits: 7 | 8): number => {
    const [kernel] = quantizedKernel(floats(shape, data), undefined, 1, bits)
    const bytes = madeBy('DequantizeLinear', kernel)!.inputs[0]!.source as { data: Int8Array }
    return bytes.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  }
  t.equal(largestOf([3, 8, 1, 1], 8), 127)
  t.equal(largestOf([3, 8, 1, 1], 7), 64)
  t.ok(2 * 255 * 64 < 2 ** 15)
  t.equal(largestOf([24, 1, 1, 1], 7), 127)
  t.end()
})
