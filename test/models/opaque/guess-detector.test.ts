import t from 'tap'
import { guessDetector } from '../../../models/opaque/guess-detector.ts'
import { fromOnnx } from '../../../nn/onnx/from-onnx.ts'
import { graphOf } from '../../support/onnx-files.ts'

const guess = (...shapes: number[][]) => guessDetector(fromOnnx(graphOf(shapes)), 'mine', { width: 320, height: 320 })
/** What was guessed of the classes and the boxes: their numbers, and how the boxes are given. */
const read = (...shapes: number[][]) => {
  const { labels, head: { regMax }, boxes } = guess(...shapes)!.config
  return [labels.length, regMax, ...boxes ? [boxes] : []]
}
const levels = (...widths: number[]) => [1600, 400, 100].flatMap(points => widths.map(values => [1, points, values]))

t.test('levels tell the generation', async t => {
  t.match(guess([1, 2100, 112])!.config, { head: { strides: [8, 16, 32], offset: 0.5 }, resizeMode: 'letterbox', scores: 'probabilities' })
  t.match(guess([1, 2125, 112])!.config, { head: { strides: [8, 16, 32, 64], offset: 0 }, resizeMode: 'stretch' })
  t.match(guess(...levels(80, 32), [1, 25, 80], [1, 25, 32])!.config, { head: { strides: [8, 16, 32, 64] } })
})

t.test('one output has classes and boxes', async t => {
  t.same(read([1, 2100, 112]), [80, 7])
  t.same(read([1, 2100, 124]), [80, 10])
  t.same(read([1, 2100, 148]), [80, 16])
  t.same(read([1, 2100, 35]), [3, 7])
  t.same(read([2100, 112]), [80, 7], 'without a batch axis')
  t.same(read([1, 2100, 84]), [80, 0, 'corners'], 'decoded')
  t.same(read([1, 2100, 7]), [3, 0, 'corners'])
  t.same(read(...levels(112)), [80, 7])
  t.same(read(...levels(84)), [80, 0], 'distances of each level')
})

t.test('two outputs are distinguished by their shapes', async t => {
  t.same(read([1, 2100, 80], [1, 2100, 32]), [80, 7])
  t.same(read([1, 2100, 32], [1, 2100, 80]), [80, 7])
  t.same(read([1, 2100, 80], [1, 2100, 4]), [80, 0, 'corners'])
  t.same(read([1, 2100, 4], [1, 2100, 3]), [3, 0, 'corners'])
  t.same(read([1, 2100, 4], [1, 2100, 32]), [4, 7])
  t.same(read([1, 2100, 44], [1, 2100, 32]), [44, 7])
  t.same(read([1, 2100, 32], [1, 2100, 32]), [32, 7])
  t.same(read(...levels(3, 32)), [3, 7])
  t.same(read(...levels(3, 44)), [3, 10])
  t.same(read(...levels(20, 3)), [3, 4])
  t.same(read(...levels(80, 4)), [80, 0])
  t.same(read([1600, 80], [1600, 32], [400, 80], [400, 32], [100, 32], [100, 80]), [80, 7])
})

t.test('other outputs are not NanoDet\'s', async t => {
  const two = levels(112).slice(0, 2)
  const others = [[[1, 1000]], [[1, 2100, 3]], levels(3, 5), levels(3, 32, 4), two, [...two, [1, 100, 113]]]
  for (const shapes of others) t.equal(guess(...shapes), undefined, JSON.stringify(shapes))
  t.throws(() => guessDetector(fromOnnx(graphOf([[1, 1905, 112]])), 'mine', { width: 300, height: 300 }), {
    name: 'ModelFileError', message: 'mine: the graph takes images of 300×300; a detector\'s width and height must be multiples of 32'
  })
})

t.test('notes say what was guessed', async t => {
  t.same(guess([1, 2100, 35])!.notes, [
    'Guessed from the shapes of the outputs: 3 classes, labeled class_0 to class_2.',
    'Guessed from the shapes of the outputs: boxes are distributions over 8 bins (reg_max 7).',
    'Guessed from the number of points: strides 8, 16, 32, offset 0.5, resize mode letterbox.',
    "Assumed: scores are probabilities, and pixels are normalized with NanoDet's mean and std in BGR order."
  ])
  t.match(guess([1, 2100, 84])!.notes, [/80 classes, with COCO's labels/, /boxes are corners in pixels/])
  t.match(guess(...levels(84))!.notes, [/80 classes/, /boxes are distances in strides/])
})

t.test('far more classes or bins than a detector has are no guess', async t => {
  const pairs = [[[1, 2100, 80], [1, 2100, 4 * 66]], [[1, 2100, 2 ** 40], [1, 2100, 32]]]
  for (const shapes of [[[1, 2100, 10_033]], [[1, 2100, 2 ** 40]], ...pairs]) {
    t.equal(guess(...shapes), undefined, JSON.stringify(shapes))
  }
})
