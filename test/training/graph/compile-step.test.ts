import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { sumOver } from '../../../nn/math.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { compileStep, fedParameters } from '../../../training/graph/compile-step.ts'

const x = input('x', [2, 3, 4, 5])
const weight = input('scale', [3, 1, 1])
const bias = input('shift', [1])

t.test('outputs losses, gradients of what is trained, and statistics', async t => {
  const [ones, zeros] = [1, 0].map(value => floats([3], new Float32Array(3).fill(value)))
  const { y, ...statistics } = op.batchNormOfBatch(op.mul(x, weight), ones!, zeros!)
  const half = op.reshape(sumOver(op.mul(op.add(y, bias), floats([], Float32Array.of(0.5))), [0, 1, 2, 3]), [])
  const step = compileStep({
    losses: { loss: op.add(half, half), half },
    trained: new Map([['scale', weight], ['shift', bias]]),
    statistics: new Map([['norm', statistics]]),
    metadata: { form: 'train-step' }
  })
  t.same(step.losses, ['loss', 'half'])
  t.same(step.parameters, [{ name: 'scale', shape: [3, 1, 1] }, { name: 'shift', shape: [1] }])
  t.same(step.norms, [{ path: 'norm', channels: 3, count: 40 }])

  const session = await Session.create(step.onnx, 1)
  const data = Float32Array.from({ length: 120 }, (_, i) => Math.sin(i))
  const found = await session.runFeeds({
    x: { type: 'float32', dims: [2, 3, 4, 5], data },
    scale: { type: 'float32', dims: [3, 1, 1], data: Float32Array.of(1, 2, 3) },
    shift: { type: 'float32', dims: [1], data: Float32Array.of(0.25) }
  })
  await session.release()
  t.same(Object.keys(found).toSorted(), ['gradient/scale', 'gradient/shift', 'half', 'loss', 'mean/norm', 'variance/norm'])
  t.ok(Math.abs(found['loss']!.data[0]! - 30) < 1e-3)
  t.ok(Math.abs(found['gradient/shift']!.data[0]! - 120) < 1e-3)
  t.same(found['gradient/scale']!.dims, [3, 1, 1])
  const [first] = found['mean/norm']!.data
  const ofFirst = [0, 3].flatMap(plane => [...data.subarray(20 * plane, 20 * (plane + 1))])
  t.ok(Math.abs(first! - ofFirst.reduce((sum, value) => sum + value, 0) / 40) < 1e-6)
})

t.test('lists fed parameters by name', async t => {
  t.same(fedParameters(new Map([['scale', weight]])), [{ name: 'scale', shape: [3, 1, 1] }])
})
