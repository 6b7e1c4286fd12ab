import t from 'tap'
import { ShapeError } from '../../nn/errors.ts'
import { gatherNd, indexSelect, nonMaxSuppression, topIndices } from '../../nn/selection.ts'
import { input, integers } from '../../nn/tensor.ts'
import { run } from '../support/run.ts'

const values = input('x', ['n'])
const row = (...data: number[]) => ({ x: { dims: [data.length], data: Float32Array.from(data) } })
const largest = async (limit: number, ...data: number[]) => [...(await run({ y: topIndices(values, limit) }, row(...data)))['y']!.data]

t.test('topIndices, largest first, as many as there are', async t => {
  t.same(await largest(2, 3, 9, 5), [1, 2])
  t.same(await largest(10, 3, 9, 5), [1, 2, 0])
  t.same(await largest(3, 7, 8, 7, 8), [1, 3, 0], 'equal values keep their order')
  t.same(await largest(3), [], 'of nothing, nothing')
})

t.test('indexSelect picks along the first axis', async t => {
  const x = input('x', [3, 2])
  const y = indexSelect(x, integers([2, 0, 2]))
  t.same(y.shape, [3, 2])
  const { y: result } = await run({ y }, { x: { dims: [3, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5) } })
  t.same([...result!.data], [4, 5, 0, 1, 4, 5])
})

/** A and B overlap by an IoU of 0.8; C is apart. */
const BOXES = [[0, 0, 10, 10], [0, 0, 10, 8], [20, 0, 30, 10]]
/** A row a class. */
const SCORES = [[0.8, 0.9, 0.7], [0.1, 0.2, 0.6]]
const boxes = input('boxes', [1, 3, 4])
const scores = input('scores', [1, 2, 3])
const feeds = {
  boxes: { dims: [1, 3, 4], data: Float32Array.from(BOXES.flat()) },
  scores: { dims: [1, 2, 3], data: Float32Array.from(SCORES.flat()) }
}

t.test('nonMaxSuppression a class, gatherNd of what it selects', async t => {
  const selected = nonMaxSuppression(boxes, scores, { maxPerClass: 10, iouThreshold: 0.6, scoreThreshold: 0.1 })
  const results = await run({ selected, best: gatherNd(scores, selected) }, feeds)
  t.same(results['selected']!.dims, [4, 3])
  t.same([...results['selected']!.data], [0, 0, 1, 0, 0, 2, 0, 1, 2, 0, 1, 1], 'a score of exactly the threshold is none')
  t.same([...results['best']!.data], [...Float32Array.of(0.9, 0.7, 0.6, 0.2)])
})

t.test('nonMaxSuppression keeps to its limits', async t => {
  const select = async (options: Parameters<typeof nonMaxSuppression>[2]) =>
    (await run({ selected: nonMaxSuppression(boxes, scores, options) }, feeds))['selected']!.dims[0]
  t.equal(await select({ maxPerClass: 1, iouThreshold: 0.6, scoreThreshold: 0.15 }), 2)
  t.equal(await select({ maxPerClass: 10, iouThreshold: 0.81, scoreThreshold: 0.15 }), 5)
  t.equal(await select({ maxPerClass: 10, iouThreshold: 0.6, scoreThreshold: 0.9 }), 0)
})

t.test('calls that do not fit fail at once', async t => {
  const options = { maxPerClass: 1, iouThreshold: 0.5, scoreThreshold: 0.5 }
  t.throws(() => nonMaxSuppression(scores, boxes, options), ShapeError)
  t.throws(() => topIndices(boxes, 1), { message: /^topIndices: / })
  t.throws(() => gatherNd(boxes, integers([1])), { message: /^gatherNd: / })
})
