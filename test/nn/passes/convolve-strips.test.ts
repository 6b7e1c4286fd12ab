import t, { type Test } from 'tap'
import type { ConvOptions } from '../../../nn/ops.ts'
import * as op from '../../../nn/ops.ts'
import { convolveStrips } from '../../../nn/passes/convolve-strips.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { numbers, operators } from '../../support/passes.ts'
import { maxDifference, run } from '../../support/run.ts'

const OUT = 5
const weight = floats([OUT, 3, 3, 3], numbers('weight', OUT * 27))
const bias = floats([OUT], numbers('bias', OUT))

/** The start of a network: bytes, less the mean, convolved. */
function stem (size: number, mean: number[], options: ConvOptions = { stride: 2, padding: 1 }) {
  const pixels = input('pixels', [1, size, size, 3], 'uint8')
  const centred = op.sub(op.transpose(op.toFloat(pixels), [0, 3, 1, 2]), floats([1, 3, 1, 1], Float32Array.from(mean)))
  return new Map([['y', op.conv(centred, weight, bias, options)]])
}

async function both (t: Test, size: number, mean: number[]) {
  const outputs = stem(size, mean)
  const rewritten = convolveStrips({ outputs }).outputs
  t.same(operators(rewritten.values()), ['Reshape', 'Transpose', 'Cast', 'Sub', 'Conv', 'Transpose', 'Reshape', 'Transpose'])
  const feed = { pixels: { dims: [1, size, size, 3], data: Uint8Array.from({ length: size * size * 3 }, (_, i) => i * 89 % 256) } }
  const [expected, found] = await Promise.all([outputs, rewritten].map(async graph => (await run(Object.fromEntries(graph), feed))['y']!))
  t.same(found!.dims, expected!.dims)
  return [expected!.data, found!.data] as const
}

t.test('where the mean is the gray of the padding, the values are the same', async t => {
  t.ok(maxDifference(...await both(t, 16, [114, 114, 114])) < 1e-2)
})

t.test('with other means, only the upper and the left edge differ', async t => {
  const [expected, found] = await both(t, 16, [103, 116, 124])
  const inside = (_: number, i: number): boolean => i % 8 > 0 && Math.floor(i / 8) % 8 > 0
  t.ok(maxDifference(expected.filter(inside), found.filter(inside)) < 1e-2)
  t.ok(maxDifference(expected, found) < 9 * (10 + 2 + 11), 'by no more than the difference of the greys')
})

t.test('other convolutions stay', async t => {
  const kinds = [stem(18, [1, 2, 3]), stem(16, [1, 2, 3], { stride: 1, padding: 1 }), stem(16, [1, 2, 3], { stride: 2 })]
  for (const outputs of kinds) t.same(operators(convolveStrips({ outputs }).outputs.values()), ['Cast', 'Transpose', 'Sub', 'Conv'])
})
