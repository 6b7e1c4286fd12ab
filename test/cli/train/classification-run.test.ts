import t from 'tap'
import { classificationRun } from '../../../cli/train/classification-run.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const { stateDict: initial } = seededClassifier(SMALL_CLASSIFIER)
const base = { config: SMALL_CLASSIFIER, initial, origin: 'x', isFromScratch: true }
const dataOf = (photos: number) => ({
  labels: SMALL_CLASSIFIER.labels, train: Array.from({ length: photos }, (_, i) => ({ path: `${i}.jpg`, label: 0 })), validation: []
})
const run = (options: Partial<TrainOptions>, photos = 300, isFromScratch = true) =>
  classificationRun({ seed: 1, ...options } as TrainOptions, { ...base, isFromScratch }, dataOf(photos))

t.test('from random weights: everything is trained, norms use their batch', async t => {
  const { spec, settings } = run({ workers: 1 })
  t.match(spec, { kind: 'classifier', batchStatistics: true, microBatch: 32, labelSmoothing: 0.1, crop: { area: [0.35, 1] }, seed: 1 })
  t.ok(spec.trained.includes('conv1.0.weight'))
  t.match(settings, { epochs: 100, batch: 32, learningRate: 0.015, warmupSteps: 100, patience: 20, workers: 1, optimizer: { name: 'sgd', momentum: 0.9 } })
})

t.test('more photos make fewer epochs and larger batches', async t => {
  t.match(run({}, 1500).settings, { epochs: 20, batch: 32 })
  t.match(run({}, 60_000).settings, { epochs: 10, batch: 128, learningRate: 0.03 })
})

t.test('fine-tuning freezes the first stages and keeps the running statistics', async t => {
  const { spec, settings } = run({}, 300, false)
  t.match(spec, { batchStatistics: false, microBatch: 8 })
  t.notOk(spec.trained.some(name => /^(conv1|stage2)\./.test(name)))
  t.equal(settings.learningRate, 0.005)
})

t.test('options come first; a run of the network has a divisor of the batch', async t => {
  const { spec, settings } = run({ epochs: 3, batch: 100, lr: 0.2, patience: 2, crop: 0.7, freeze: 'stem' })
  t.match(settings, { epochs: 3, batch: 100, learningRate: 0.2, patience: 2 })
  t.match(spec, { microBatch: 25, crop: { area: [0.7, 1] } })
  t.notOk(spec.trained.includes('conv1.0.weight'))
  t.equal(run({ batch: 31 }).spec.microBatch, 31)
})

t.test('a part that the model does not have', async t => {
  t.throws(() => run({ freeze: 'stage9' as 'stem' }), { name: 'UsageError', message: /^--freeze: shufflenetv2 has no stage9 to freeze; possible: none, stem/ })
})
