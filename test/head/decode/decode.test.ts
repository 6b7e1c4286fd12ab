import t from 'tap'
import { distance2bbox, iou, type Size } from '../../../head/decode/boxes.ts'
import { MAX_CANDIDATES, type PredictionLayout } from '../../../head/decode/candidates.ts'
import { decode, type DecodeOptions } from '../../../head/decode/decode.ts'
import { integral } from '../../../head/decode/integral.ts'
import type { Detection } from '../../../head/decode/nms.ts'
import { centerPriors, type CenterPrior } from '../../../head/decode/priors.ts'
import { cpuClock } from '../../support/cpu-time.ts'
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

/** The same in the simplest way: every box of every class is computed, all are sorted, each is held against those that are kept. */
function simply (
  predictions: Float32Array, layout: PredictionLayout, priors: readonly CenterPrior[], input: Size, options: DecodeOptions
): Detection[] {
  const { numClasses, regMax, scores } = layout
  const bins = regMax + 1
  const classes = options.classes ?? Array.from({ length: numClasses }, (_, i) => i)
  const isAfter = scores === 'probabilities'
  const least = isAfter ? options.scoreThreshold : Math.log(options.scoreThreshold / (1 - options.scoreThreshold))
  const found: Detection[] = priors.flatMap(({ x, y, stride }, point) => classes.flatMap(classId => {
    const start = point * (numClasses + 4 * bins)
    const value = predictions[start + classId]!
    const [left, top, right, bottom] = [0, 1, 2, 3].map(side => integral(predictions, start + numClasses + side * bins, bins) * stride)
    const score = isAfter ? value : 1 / (1 + Math.exp(-value))
    return value > least ? [{ classId, score, box: distance2bbox(x, y, [left!, top!, right!, bottom!], input) }] : []
  }))
  const kept: Detection[] = []
  for (const candidate of found.toSorted((a, b) => b.score - a.score).slice(0, MAX_CANDIDATES)) {
    const isNew = kept.every(({ classId, box }) => classId !== candidate.classId || iou(box, candidate.box) <= options.iouThreshold)
    if (isNew && kept.length < options.maxDetections) kept.push(candidate)
  }
  return kept
}

const input = { width: 96, height: 64 }
const priors = centerPriors(input, [8, 16, 32], 0.5)
const thresholds = [
  { iouThreshold: 0.6, maxDetections: 100 },
  { iouThreshold: 1, maxDetections: 1000 },
  { iouThreshold: 0, maxDetections: 9, classes: [7, 3] }
]
const layout = { numClasses: 20, regMax: 7 }

/** Predictions for `input`; `score` gives the numbers of classes. */
const randomPredictions = (seed: string, score: (u: number) => number): Float32Array => {
  const next = seeded(seed)
  return Float32Array.from({ length: priors.length * 52 }, (_, i) => i % 52 < 20 ? score(next()) : 8 * next() - 4)
}

t.test('equals the simplest way to the bit, order included', async t => {
  const kinds: Record<string, (u: number) => number> = {
    'few above the threshold': u => 9 * u - 8,
    'many above it': u => 9 * u - 2,
    'most scores equal': u => Math.floor(4 * u),
    'scores that the sigmoid makes equal': u => 30 + 30 * u,
    'one score': () => 1
  }
  for (const [kind, score] of Object.entries(kinds)) {
    for (const [i, scoreThreshold] of [0, 0.05, 0.35, 0.73, 1].entries()) {
      const predictions = randomPredictions(`${kind} ${i}`, score)
      for (const rest of thresholds) {
        const options = { scoreThreshold, ...rest }
        const [found, expected] = [decode, simply].map(way => way(predictions, layout, priors, input, options))
        t.same(found, expected, `${kind}, ${JSON.stringify(options)}`)
      }
    }
  }
  const probabilities = randomPredictions('probabilities', u => u)
  for (const scoreThreshold of [0, 0.5, 0.999, 1]) {
    const options = { scoreThreshold, iouThreshold: 0.6, maxDetections: 1000 }
    const after = { ...layout, scores: 'probabilities' } as const
    t.same(decode(probabilities, after, priors, input, options), simply(probabilities, after, priors, input, options), `${scoreThreshold}`)
  }
})

t.test('scores that rise or fall from point to point', async t => {
  for (const direction of [1, -1]) {
    const predictions = randomPredictions('order', u => u).map((value, i) => i % 52 < 20 ? direction * (i / 600 - 4) : value)
    const options = { scoreThreshold: 0, iouThreshold: 1, maxDetections: 1000 }
    t.same(decode(predictions, layout, priors, input, options), simply(predictions, layout, priors, input, options))
  }
})

t.test('the ends of the scale', async t => {
  const some = (value: number, scoreThreshold: number, scores: 'logits' | 'probabilities' = 'logits'): number[] => {
    const predictions = new Float32Array(priors.length * 52).map((_, i) => i === 5 ? value : i % 52 < 20 ? -Infinity : 0)
    return decode(predictions, { ...layout, scores }, priors, input, { ...options, scoreThreshold }).map(({ score }) => score)
  }
  t.same(some(-Infinity, 0), [], 'a score of 0 is not above 0')
  t.match(some(-100, 0), [Number], 'the least score is')
  t.same(some(Infinity, 0.99), [1])
  t.same(some(Infinity, 1), [], 'nothing is above 1')
  t.same(some(NaN, 0), [], 'what is not a number is not found')
  t.same([some(0, 0, 'probabilities'), some(1, 1, 'probabilities'), some(1, 0.5, 'probabilities')], [[], [], [1]])
})

t.test('all of 80 classes at 3549 points take hardly longer than the few that are objects', async t => {
  const next = seeded('all')
  const size = { width: 416, height: 416 }
  const points = centerPriors(size, [8, 16, 32], 0.5)
  const predictions = Float32Array.from({ length: points.length * 112 }, () => 9 * next() - 8)
  const everything = { scoreThreshold: 0, iouThreshold: 1, maxDetections: 1000 }
  const times = Array.from({ length: 15 }, () => {
    const spent = cpuClock()
    t.equal(decode(predictions, { numClasses: 80, regMax: 7 }, points, size, everything).length, 1000)
    return spent()
  })
  t.ok(Math.min(...times) < 30, `${Math.min(...times).toFixed(1)} ms`)
})

/** The golden's predictions: class logits 9u − 8, box logits 8u − 4. */
t.test('reg_max 0: predictions hold distances in strides', async t => {
  const [prior] = centerPriors({ width: 32, height: 32 }, [32], 0.5)
  const found = decode(Float32Array.of(0.9, 0.25, 0.125, 0.5, 0.375), { numClasses: 1, regMax: 0, scores: 'probabilities' }, [prior!], { width: 32, height: 32 },
    { scoreThreshold: 0.5, iouThreshold: 0.6, maxDetections: 1 })
  t.same(found.map(({ box }) => box), [[16 - 8, 16 - 4, 16 + 16, 16 + 12]])
})

function setUp ({ head, num_classes: numClasses, reg_max: regMax, strides, input_wh: [width, height], seed }: Golden) {
  const input = { width, height }
  const priors = centerPriors(input, strides, head === 'NanoDetPlusHead' ? 0 : 0.5)
  const values = numClasses + 4 * (regMax + 1)
  const next = seeded(seed)
  const length = priors.length * values
  const predictions = Float32Array.from({ length }, (_, i) => i % values < numClasses ? 9 * next() - 8 : 8 * next() - 4)
  return { predictions, layout: { numClasses, regMax }, priors, input }
}
