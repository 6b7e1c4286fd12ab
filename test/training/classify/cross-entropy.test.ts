import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import { input, scalar } from '../../../nn/tensor.ts'
import { crossEntropy } from '../../../training/classify/cross-entropy.ts'
import { maxDifference } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const [COUNT, CLASSES] = [4, 3]
const LABELS = [2, 0, 1, 1]

async function computed (data: Float32Array, smoothing: number) {
  const logits = input('logits', [COUNT, CLASSES])
  const { loss, accuracy, detached } = crossEntropy(logits, input('labels', [COUNT], 'int64'), smoothing)
  const [gradient] = gradients([loss], [scalar(1)], [logits], { detached })
  const session = await Session.create(toOnnx({ outputs: new Map([['loss', loss], ['accuracy', accuracy], ['gradient', gradient!]]) }), 1)
  const outputs = await session.runFeeds({
    logits: { type: 'float32', dims: [COUNT, CLASSES], data },
    labels: { type: 'int64', dims: [COUNT], data: BigInt64Array.from(LABELS, BigInt) }
  })
  await session.release()
  return { loss: outputs['loss']!, accuracy: outputs['accuracy']!.data[0]!, gradient: outputs['gradient']!.data }
}

/** By the formula, in float64. */
function expected (logits: Float32Array, smoothing: number) {
  let loss = 0
  const gradient = LABELS.flatMap((label, n) => {
    const row = [...logits.subarray(n * CLASSES, (n + 1) * CLASSES)]
    const largest = Math.max(...row)
    const sum = row.reduce((sum, value) => sum + Math.exp(value - largest), 0)
    return row.map((value, k) => {
      const target = (k === label ? 1 - smoothing : 0) + smoothing / CLASSES
      const logarithm = value - largest - Math.log(sum)
      loss -= target * logarithm / COUNT
      return (Math.exp(logarithm) - target) / COUNT
    })
  })
  return { loss, gradient }
}

for (const smoothing of [0, 0.1]) {
  t.test(`the loss and its gradient, (softmax − target)/N, with a smoothing of ${smoothing}`, async t => {
    const logits = seededFloats('logits', COUNT * CLASSES, u => 8 * u - 4)
    const { loss, gradient } = await computed(logits, smoothing)
    t.same(loss.dims, [])
    t.ok(Math.abs(loss.data[0]! - expected(logits, smoothing).loss) < 1e-6)
    t.ok(maxDifference(gradient, expected(logits, smoothing).gradient) < 1e-6)
  })
}

t.test('large logits do not overflow', async t => {
  const logits = Float32Array.from([500, -500, 0, 90, 100, 110, 0, 1000, 0, 0, 0, 0])
  const { loss, gradient } = await computed(logits, 0.1)
  t.ok(Math.abs(loss.data[0]! / expected(logits, 0.1).loss - 1) < 1e-6)
  t.ok(maxDifference(gradient, expected(logits, 0.1).gradient) < 1e-6)
})

t.test('accuracy is the share of the photos whose class has the highest score', async t => {
  const { accuracy } = await computed(Float32Array.from([0, 1, 5, 3, 1, 0, 9, 0, 1, 0, 4, 2]), 0.1)
  t.equal(accuracy, 0.75)
})
