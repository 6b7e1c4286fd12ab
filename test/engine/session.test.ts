import t from 'tap'
import { inShort, Session, type Output } from '../../engine/session.ts'
import { compile } from '../../models/network.ts'
import { loadWeights } from '../../models/weights.ts'
import { node } from '../../nn/node.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'
import { floats, input } from '../../nn/tensor.ts'
import { MODEL } from '../support/built-in.ts'

const outputOf = ({ output }: Record<string, Output>) => ({ dims: output!.dims, data: output!.data })
const picture = (pixels: Uint8Array) => ({ ...MODEL.input, padded: MODEL.input, pixels })

t.test('session', async t => {
  const session = await Session.create(compile(MODEL, await loadWeights(MODEL)), 1)
  const { output } = await session.run(picture(new Uint8Array(416 * 416 * 3).fill(128)))
  t.same([...session.outputShapes], [['output', [1, 3549, 112]]])
  t.same(output!.dims, [1, 3549, 112])
  t.ok(output!.data.every(Number.isFinite))
  await t.rejects(session.run(picture(new Uint8Array(10))), { message: /size/i })
  await t.resolves(session.release())
})

t.test('pictures in one run have the outputs that each has alone', async t => {
  const session = await Session.create(compile(MODEL, await loadWeights(MODEL), { batch: 'N' }), 1)
  const [dark, light] = [picture(new Uint8Array(416 * 416 * 3).fill(30)), picture(new Uint8Array(416 * 416 * 3).fill(200))]
  t.ok(session.isBatched)
  t.same(await session.runAll([]), [])
  const alone = [await session.run(dark), await session.run(light)].map(outputs => ({ output: outputOf(outputs) }))
  t.same(await session.runAll([dark, light]), alone)
  await session.release()
})

t.test('graphs that the runtime refuses, in its words, without places in its source', async t => {
  const refused = (onnx: Uint8Array, message: RegExp) => t.rejects(Session.create(onnx, 1), { message })
  await refused(new Uint8Array(10), /^ONNX Runtime can't load the graph: \S/)
  const shrunk = node('Upsample', [input('x', [1, 1, 4, 4]), floats([4], Float32Array.of(1, 1, 0.5, 0.5))], [1, 1, 2, 2], { mode: 'linear' })
  await refused(toOnnx({ outputs: new Map([['y', shrunk]]), opset: 9 }), /^ONNX Runtime can't load the graph: (?!.*onnxruntime_src).*Scale value/)
  const place = '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 WebGpuContext::Initialize()::<lambda()>'
  t.equal(inShort(`${place} status == Status::Success was false. Failed to get a WebGPU adapter: No supported adapters\n`),
    'Failed to get a WebGPU adapter: No supported adapters')
})

t.test('a network of its own inputs, fed by name', async t => {
  const [weight, indices] = [input('weight', ['N', 2]), input('indices', [3], 'int64')]
  const picked = node('Gather', [op.mul(weight, op.toFloat(input('pixels', [2], 'uint8'))), indices], ['N', 3], { axis: 1 })
  const session = await Session.create(toOnnx({ outputs: new Map([['y', picked], ['sum', node('ReduceSum', [picked], [], { keepdims: 0 })]]) }), 1)
  const feeds = {
    weight: { type: 'float32', dims: [2, 2], data: Float32Array.of(0.5, 1, 1.5, 2) },
    indices: { type: 'int64', dims: [3], data: BigInt64Array.of(1n, 0n, 1n) },
    pixels: { type: 'uint8', dims: [2], data: Uint8Array.of(2, 10) }
  } as const
  const { y, sum } = await session.runFeeds(feeds)
  t.same([y!.dims, [...y!.data]], [[2, 3], [10, 1, 10, 20, 3, 20]])
  t.same([sum!.dims, [...sum!.data]], [[], [64]])
  const again = await session.runFeeds({ ...feeds, weight: { type: 'float32', dims: [1, 2], data: Float32Array.of(1, 0) } })
  t.same([...again['y']!.data], [0, 2, 0], 'with other values and sizes')
  t.same([...y!.data], [10, 1, 10, 20, 3, 20], 'earlier outputs stay')
  await t.rejects(session.runFeeds({ weight: feeds.weight }), { message: /indices|pixels/ })
  await session.release()
})
