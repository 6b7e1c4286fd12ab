import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import t from 'tap'
import { IMAGENET_BGR, IMAGENET_RGB, normalize } from '../../models/normalize.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { input } from '../../nn/tensor.ts'
import { run } from '../support/run.ts'

const pixels = { dims: [1, 1, 2, 3], data: Uint8Array.of(0, 100, 255, 10, 20, 30) }

t.test('interleaved bytes become normalized planes in the order of the model', async t => {
  const statistics = { mean: [1, 2, 3], std: [2, 4, 8] } as const
  const x = input('pixels', pixels.dims, 'uint8')
  const { bgr, rgb } = await run({
    bgr: normalize(x, { ...statistics, channelOrder: 'BGR' }),
    rgb: normalize(x, { ...statistics, channelOrder: 'RGB' })
  }, { pixels })
  t.same([...bgr!.data], [254 / 2, 29 / 2, 98 / 4, 18 / 4, -3 / 8, 7 / 8])
  t.same([...rgb!.data], [-1 / 2, 9 / 2, 98 / 4, 18 / 4, 252 / 8, 27 / 8])
  t.same(bgr!.dims, [1, 3, 1, 2])
})

t.test('ImageNet\'s statistics are the same for both orders', async t => {
  t.same([...IMAGENET_BGR.mean].reverse(), IMAGENET_RGB.mean)
  t.same([...IMAGENET_BGR.std].reverse(), IMAGENET_RGB.std)
  t.ok([0.485, 0.456, 0.406].every((mean, i) => Math.abs(IMAGENET_RGB.mean[i]! / 255 - mean) < 1e-9))
  t.ok([0.229, 0.224, 0.225].every((std, i) => Math.abs(IMAGENET_RGB.std[i]! / 255 - std) < 1e-9))
})

t.test('the operators mean the same in every version that files come in', async t => {
  const y = normalize(input('pixels', pixels.dims, 'uint8'), IMAGENET_BGR)
  const { expected } = await run({ expected: y }, { pixels })
  for (const opset of [7, 9, 11, 13, 17, 21]) {
    const session = await InferenceSession.create(toOnnx({ outputs: new Map([['y', y]]), opset }), { logSeverityLevel: 3 })
    const found = await session.run({ pixels: new OrtTensor('uint8', pixels.data, pixels.dims) })
    t.same(found['y']!.data, expected!.data, `opset ${opset}`)
    await session.release()
  }
})
