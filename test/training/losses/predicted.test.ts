import t from 'tap'
import { floats } from '../../../nn/tensor.ts'
import { predictedTensors } from '../../../training/losses/predicted.ts'
import { maxDifference, run } from '../../support/run.ts'

const POINTS = { x: Float64Array.of(8, 24), y: Float64Array.of(16, 40), strides: Float64Array.of(8, 16), levels: [] }
const BIN_1_OF_2 = [-99, 99]

t.test('boxes are in pixels about their points; costs are the losses of background', async t => {
  const [a, b] = [0.5, -2]
  const predictions = floats([1, 1 + 4 * 2, 2], Float32Array.from([a, b, ...[0, 1, 2, 3].flatMap(() => BIN_1_OF_2.flatMap(x => [x, x]))]))
  const { boxes, logits, costs } = await run({ ...predictedTensors(predictions, 1, 1, POINTS) }, {})
  t.ok(maxDifference(boxes!.data, [0, 8, 8, 24, 16, 40, 24, 56]) < 1e-5)
  t.same([...logits!.data], [a, b])
  t.ok(maxDifference(costs!.data, [a, b].map(x => Math.log(1 + Math.exp(x)) / (1 + Math.exp(-x)) ** 2)) < 1e-6)
})
