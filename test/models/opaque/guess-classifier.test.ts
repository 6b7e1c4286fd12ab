import t from 'tap'
import { IMAGENET_RGB } from '../../../models/normalize.ts'
import { guessClassifier } from '../../../models/opaque/guess-classifier.ts'
import { fromOnnx } from '../../../nn/onnx/from-onnx.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { input } from '../../../nn/tensor.ts'
import { graphOf } from '../../support/onnx-files.ts'

const size = { width: 48, height: 64 }
const guess = (bytes: Uint8Array) => guessClassifier(fromOnnx(bytes), 'kinds', size)

t.test('one output with a value for each class', async t => {
  t.same(guess(graphOf([[1, 3]])), {
    kind: 'opaque-classifier',
    config: { name: 'kinds', opaque: true, input: size, normalization: IMAGENET_RGB, scores: 'logits', labels: ['class_0', 'class_1', 'class_2'] },
    notes: [
      'Guessed from the shape of the output: a classifier of 3 classes, labeled class_0 to class_2.',
      'Guessed from the last operator: scores are logits.',
      "Assumed: pixels are normalized with ImageNet's mean and std in RGB order."
    ]
  })
  t.match(guess(graphOf([['N', 3, 1, 1]])), { config: { labels: { length: 3 } } })
  const others = [[[1, 1]], [[1, 3], [1, 3]], [[1, 3, 8, 8]], [[2, 3]], [[1, 10_001]], [[1, 2 ** 31]]]
  for (const shapes of others) t.equal(guess(graphOf(shapes)), undefined)
})

t.test('the last operator tells whether scores are probabilities', async t => {
  const x = input('x', [1, 3])
  const scoresOf = (y: ReturnType<typeof op.softmax>) => guess(toOnnx({ outputs: new Map([['y', y]]) }))?.config.scores
  t.equal(scoresOf(op.softmax(x)), 'probabilities')
  t.equal(scoresOf(op.identity(op.reshape(op.sigmoid(x), [1, 3]))), 'probabilities')
  t.equal(scoresOf(op.identity(x)), 'logits')
  t.equal(scoresOf(op.relu(op.softmax(x))), 'logits')
  t.equal(scoresOf(Array.from({ length: 20_000 }).reduce<typeof x>(y => op.identity(y), op.softmax(x))), 'probabilities', 'however deep')
})
