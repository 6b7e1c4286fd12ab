import t from 'tap'
import { layerCam } from '../../models/layer-cam.ts'
import { INPUT_NAME, SEED_NAME } from '../../models/tensor-names.ts'
import { Session, type Output } from '../../engine/session.ts'
import { node } from '../../nn/node.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'
import { floats, input, Tensor } from '../../nn/tensor.ts'

/** `[1, 2, 2, 2]` → predictions `[1, 4, 3]`: three weighted sums of the two channels of each cell. */
const WEIGHTS = Float32Array.of(1, 2, 3, -4, -5, -6)

async function run (outputs: ReadonlyMap<string, Tensor>, pixels: number[], seed: number[]): Promise<Record<string, Output>> {
  const session = await Session.create(toOnnx({ outputs }), 1)
  const found = await session.runFeeds({
    [INPUT_NAME]: { type: 'float32', dims: [1, 2, 2, 2], data: Float32Array.from(pixels) },
    [SEED_NAME]: { type: 'float32', dims: [1, 4, 3], data: Float32Array.from(seed) }
  })
  await session.release()
  return found
}

t.test('each cell counts with its positive gradients times its activation', async t => {
  const a = op.relu(input(INPUT_NAME, [1, 2, 2, 2]))
  const predictions = op.transpose(op.reshape(op.conv(a, floats([3, 2, 1, 1], WEIGHTS)), [1, 3, 4]), [0, 2, 1])
  const cams = layerCam({ predictions, taps: new Map([['a', a]]) }, ['a'])
  const pixels = [1, 2, 3, 4, 5, 6, 7, 8]
  const seed = Array(12).fill(0)
  const at = async (values: Record<number, number>) => {
    const { a } = await run(cams, pixels, Object.assign([...seed], values))
    t.same(a!.dims, [1, 1, 2, 2])
    return [...a!.data]
  }
  t.same(await at({ 0: 1 }), [1 * 1 + 2 * 5, 0, 0, 0], 'value 0 of cell 0: both weights are positive')
  t.same(await at({ 4: 1 }), [0, 3 * 2, 0, 0], 'value 1 of cell 1: a negative gradient does not count')
  t.same(await at({ 11: 1 }), [0, 0, 0, 0], 'value 2 of cell 3: nothing raises it')
  t.same(await at({ 0: 2, 3: 1 }), [22, 1 * 2 + 2 * 6, 0, 0])
})

t.test('what has no gradient is named', async t => {
  const a = op.relu(input(INPUT_NAME, [1, 2, 2, 2]))
  const made = node('Mystery', [a], [1, 4, 3])
  t.throws(() => layerCam({ predictions: made, taps: new Map([['a', a]]) }, ['a']), { name: 'GradientError', message: /Mystery has no gradient rule/ })
  const half = new Tensor([1, 2, 2, 2], 'float16', { kind: 'input', name: 'x' })
  t.throws(() => layerCam({ predictions: a, taps: new Map([['h', half]]) }, ['h']), { name: 'NetworkError', message: 'h is float16: gradients need float32' })
})
