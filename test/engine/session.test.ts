import t from 'tap'
import { inShort, Session, type Output } from '../../engine/session.ts'
import { compile } from '../../models/network.ts'
import { loadWeights } from '../../models/weights.ts'
import { node } from '../../nn/node.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
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
