import t from 'tap'
import { decode, type DecodeOptions } from '../../../head/decode/decode.ts'
import { decodeInGraph } from '../../../head/decode/in-graph.ts'
import { centerPriors } from '../../../head/decode/priors.ts'
import { input as inputTensor } from '../../../nn/tensor.ts'
import { maxDifference, run } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const SIZE = { width: 96, height: 64 }
const OPTIONS = { scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100 }
const HEADS = [
  { head: 'NanoDetHead', strides: [8, 16, 32], offset: 0.5, regMax: 7 },
  { head: 'NanoDetHead with more bins', strides: [8, 16, 32], offset: 0.5, regMax: 10 },
  { head: 'NanoDetPlusHead', strides: [8, 16, 32, 64], offset: 0, regMax: 7 }
]
const numClasses = 5

for (const { head, strides, offset, regMax } of HEADS) {
  t.test(`${head}'s predictions become what decode makes of them`, async t => {
    const layout = { numClasses, regMax }
    const priors = centerPriors(SIZE, strides, offset)
    const values = numClasses + 4 * (regMax + 1)
    const predictions = seededFloats(head, priors.length * values, u => 8 * u - 5)
    const same = async (options: DecodeOptions, least: number): Promise<void> => {
      const expected = decode(predictions, layout, priors, SIZE, options)
      const logits = inputTensor('logits', [1, priors.length, values])
      const { boxes, scores, classIds } = decodeInGraph(logits, layout, priors, SIZE, options)
      t.same([boxes.type, scores.type, classIds.type], ['float32', 'float32', 'int64'])
      const found = await run({ boxes, scores, classIds }, { logits: { dims: logits.shape as number[], data: predictions } })
      t.ok(expected.length >= least, `${expected.length} detections`)
      t.same(found['boxes']!.dims, [expected.length, 4])
      t.same([...found['classIds']!.data], expected.map(({ classId }) => classId))
      t.ok(maxDifference(found['scores']!.data, expected.map(({ score }) => score)) < 1e-6)
      t.ok(maxDifference(found['boxes']!.data, expected.flatMap(({ box }) => box)) < 1e-4)
    }
    await same(OPTIONS, 50)
    await same({ ...OPTIONS, maxDetections: 7 }, 7)
    await same({ ...OPTIONS, iouThreshold: 0.1, scoreThreshold: 0.8 }, 5)
    await same({ ...OPTIONS, scoreThreshold: 0.999 }, 0)
  })
}
