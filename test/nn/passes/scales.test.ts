import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { rawBytesOf, Scales } from '../../../nn/passes/scales.ts'
import { floats, input, scalar, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers } from '../../support/passes.ts'

const conv = (x: Tensor, out = 4): Tensor => op.conv(x, floats([out, x.channels, 1, 1], numbers('weight', out * x.channels)))
const scalesOf = (y: Tensor, names: Record<string, Tensor> = {}) => new Scales({ outputs: new Map([['y', y]]), names: new Map(Object.entries(names)) })

t.test('what only moves values keeps their scale', t => {
  const [a, b] = [conv(IMAGE), op.leakyRelu(conv(IMAGE), 0.1)]
  const [left, right] = op.split(op.maxPool(op.concat([a, b]), 3, 2, 1), [2, 6]) as [Tensor, Tensor]
  const scales = scalesOf(op.concat([right, left]), { a })
  t.equal(scales.of(a), scales.of(right))
  t.equal(scales.all.length, 2, 'the image and all else')
  const { key, computed, slope } = scales.of(left)!
  t.same([key, computed.length, slope], ['a', 2, 1])
  t.end()
})

t.test('what computes has a scale for what comes out', t => {
  const a = conv(IMAGE)
  const y = op.add(a, conv(a))
  const scales = scalesOf(y, { a })
  t.same(scales.all.map(({ key }) => key), ['x', 'a', 'a/Conv', 'a/Add'])
  t.end()
})

t.test('where all is read through a leaky ReLU, its slope is known', t => {
  const a = conv(IMAGE)
  t.equal(scalesOf(op.leakyRelu(op.maxPool(a, 3, 2, 1), 0.1)).of(a)!.slope, 0.1)
  t.equal(scalesOf(op.add(op.leakyRelu(a, 0.1), a)).of(a)!.slope, 1)
  t.end()
})

t.test('other operators stay float', t => {
  const a = op.sigmoid(IMAGE)
  const scales = scalesOf(op.sigmoid(conv(a)))
  t.ok(scales.of(a), 'a convolution reads it as bytes')
  t.notOk(scales.isQuantized((a.source as Extract<Tensor['source'], { kind: 'node' }>).node))
  t.end()
})

t.test('what is concatenated with bytes becomes bytes of the same scale', t => {
  const [a, b] = [conv(IMAGE), op.sigmoid(IMAGE)]
  const scales = scalesOf(op.sigmoid(op.concat([b, a])), { a, b })
  t.equal(scales.of(a), scales.of(b))
  t.same(scales.of(a)!.computed, [a, b])
  t.notOk(scalesOf(op.concat([b, op.sigmoid(b)])).of(b), 'floats alone stay float')
  t.end()
})

t.test('what moves float values is computed for its readers', t => {
  const pooled = op.maxPool(op.sigmoid(conv(IMAGE)), 3, 2, 1)
  t.same(scalesOf(conv(pooled), { pooled }).of(pooled), { key: 'pooled', computed: [pooled], slope: 1 })
  t.end()
})

t.test('bytes less a number are bytes', t => {
  const bytes = input('pixels', [1, 3, 4, 4], 'uint8')
  t.same(rawBytesOf(op.sub(op.toFloat(bytes), scalar(114))), { bytes, zeroPoint: 114 })
  t.notOk(rawBytesOf(op.sub(op.toFloat(bytes), floats([1, 3, 1, 1], Float32Array.of(1, 2, 3)))))
  t.end()
})
