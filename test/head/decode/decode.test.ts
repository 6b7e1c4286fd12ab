import t from 'tap'
import { decode, type DecodeOptions } from '../../../head/decode/decode.ts'
import { centerPriors } from '../../../head/decode/priors.ts'
import { fixture } from '../../support/files.ts'
import { seeded } from '../../support/seeded.ts'

interface Golden {
  head: string
  num_classes: number
  strides: number[]
  reg_max: number
  input_wh: [number, number]
  raw_wh: [number, number]
  points: number
  seed: string
  count: number
  input_space: Array<[label: number, x1: number, y1: number, x2: number, y2: number, score: number]>
}
const goldens: Golden[] = fixture('decode.json')
const options: DecodeOptions = { scoreThreshold: 0.05, iouThreshold: 0.6, maxDetections: 100 }

for (const golden of goldens) {
  t.test(`equals upstream's ${golden.head}, regMax ${golden.reg_max}, ${golden.input_wh.join('×')}, ${golden.raw_wh.join('×')}`, async t => {
    const { predictions, layout, priors, input } = setUp(golden)
    t.equal(priors.length, golden.points)
    const detections = decode(predictions, layout, priors, input, options)
    t.equal(detections.length, golden.count)
    for (const [i, [label, ...rest]] of golden.input_space.entries()) {
      const { classId, box, score } = detections[i]!
      t.equal(classId, label)
      t.ok([...box, score].every((value, k) => Math.abs(value - rest[k]!) < 2e-4), `${[...box, score]} is ${rest}`)
    }
  })
}

t.test('classes narrow the search, thresholds hold', async t => {
  const { predictions, layout, priors, input } = setUp(goldens[0]!)
  const all = decode(predictions, layout, priors, input, options)
  const some = decode(predictions, layout, priors, input, { ...options, classes: [1, 3] })
  t.same(some, all.filter(({ classId }) => classId === 1 || classId === 3))
  t.same(decode(predictions, layout, priors, input, { ...options, scoreThreshold: 0.5 }), all.filter(({ score }) => score > 0.5))
  t.same(decode(predictions, layout, priors, input, { ...options, maxDetections: 3 }), all.slice(0, 3))
})

t.test('scores that went through the sigmoid already are taken as they are', async t => {
  const { predictions, layout, priors, input } = setUp(goldens[0]!)
  const values = predictions.length / priors.length
  const after = predictions.map((x, i) => i % values < layout.numClasses ? 1 / (1 + Math.exp(-x)) : x)
  const expected = decode(predictions, layout, priors, input, options)
  const found = decode(after, { ...layout, scores: 'probabilities' }, priors, input, options)
  t.same(found.map(({ classId, box }) => [classId, box]), expected.map(({ classId, box }) => [classId, box]))
  t.ok(found.every(({ score }, i) => Math.abs(score - expected[i]!.score) < 1e-6))
})

/** The golden's predictions: class logits 9u − 8, box logits 8u − 4. */
function setUp ({ head, num_classes: numClasses, reg_max: regMax, strides, input_wh: [width, height], seed }: Golden) {
  const input = { width, height }
  const priors = centerPriors(input, strides, head === 'NanoDetPlusHead' ? 0 : 0.5)
  const values = numClasses + 4 * (regMax + 1)
  const next = seeded(seed)
  const length = priors.length * values
  const predictions = Float32Array.from({ length }, (_, i) => i % values < numClasses ? 9 * next() - 8 : 8 * next() - 4)
  return { predictions, layout: { numClasses, regMax }, priors, input }
}
