import t from 'tap'
import type { OpaqueConfig } from '../../../models/config.ts'
import { IMAGENET_BGR } from '../../../models/normalize.ts'
import { joinOutputs } from '../../../models/opaque/predictions.ts'
import { decode } from '../../../head/decode/decode.ts'
import { centerPriors } from '../../../head/decode/priors.ts'
import { input, type Tensor } from '../../../nn/tensor.ts'
import { run } from '../../support/run.ts'

const config: OpaqueConfig = {
  name: 'mine',
  opaque: true,
  scores: 'probabilities',
  head: { regMax: 7, strides: [8, 16, 32], offset: 0.5 },
  input: { width: 64, height: 32 },
  resizeMode: 'letterbox',
  normalization: IMAGENET_BGR,
  labels: ['cat', 'dog', 'cow']
}
const shapesOf = (...shapes: number[][]): Tensor[] => shapes.map((shape, i) => input(`y${i}`, shape))
const joined = (...shapes: number[][]) => joinOutputs(shapesOf(...shapes), config).shape

t.test('all points in one output or two, and levels in one each or two each', async t => {
  const whole = [1, 42, 35]
  t.same(joined([1, 42, 35]), whole)
  t.same(joined([1, 42, 32], [1, 42, 3]), whole)
  t.same(joined([1, 32, 35], [1, 2, 35], [1, 8, 35]), whole)
  t.same(joined([1, 32, 3], [1, 32, 32], [1, 8, 3], [1, 8, 32], [1, 2, 32], [1, 2, 3]), whole)
  t.same(joined([32, 3], [32, 32], [8, 3], [8, 32], [2, 32], [2, 3]), whole)
})

t.test('as many classes as distances: the first output has the classes', async t => {
  const even = { ...config, labels: Array.from({ length: 32 }, (_, i) => `class_${i}`) }
  const [a, b] = shapesOf([1, 42, 32], [1, 42, 32])
  const { source } = joinOutputs([a!, b!], even)
  t.ok(source.kind === 'node' && source.node.inputs[0] === a && source.node.inputs[1] === b)
})

t.test('other shapes are named, with those expected', async t => {
  const refused = (...shapes: number[][]) => t.throws(() => joined(...shapes), {
    name: 'ModelFileError',
    message: `mine: the graph's outputs are ${shapes.map(shape => `[${shape.join(', ')}]`).join(', ')}; expected [1, 42, 35], ` +
      'or [1, 42, 3] and [1, 42, 32], or for each of 32, 8, 2 points [1, points, 3] and [1, points, 32]'
  })
  refused([1, 42, 36])
  refused([1, 42, 3])
  refused([1, 32, 35], [1, 8, 35])
  refused([1, 32, 35], [1, 8, 35], [1, 2, 3])
})

t.test('corners and distances without distributions are decoded to the boxes that they mean', async t => {
  const priors = centerPriors(config.input, config.head.strides, config.head.offset)
  const boxes = priors.map((_, i) => [i / 2, i / 4, i / 2 + 10, i / 4 + 6])
  const decoded = async (head: OpaqueConfig, sides: number[][]) => {
    const values = Float32Array.from(sides.flatMap((box, i) => [0, i === 20 ? 0.9 : 0.1, 0, ...box]))
    const y = input('y', [1, 42, 7])
    const { out } = await run({ out: joinOutputs([y], head) }, { y: { data: values, dims: [1, 42, 7] } })
    return decode(out!.data, { numClasses: 3, regMax: 0, scores: 'probabilities' }, priors, config.input, { scoreThreshold: 0.5, iouThreshold: 0.6, maxDetections: 9 })
  }
  const head = { ...config.head, regMax: 0 }
  const distances = boxes.map(([x1, y1, x2, y2], i) => {
    const { x, y, stride } = priors[i]!
    return [x - x1!, y - y1!, x2! - x, y2! - y].map(side => side / stride)
  })
  for (const found of [await decoded({ ...config, head, boxes: 'corners' }, boxes), await decoded({ ...config, head }, distances)]) {
    t.equal(found.length, 1)
    t.match(found[0], { classId: 1 })
    t.ok(found[0]!.box.every((side, i) => Math.abs(side - boxes[20]![i]!) < 1e-4), String(found[0]!.box))
  }
})
