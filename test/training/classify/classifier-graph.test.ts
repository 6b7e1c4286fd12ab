import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { CLASSIFIERS } from '../../../models/architectures.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { compileClassifier } from '../../../models/classifier.ts'
import type { ClassifierConfig } from '../../../models/config.ts'
import { classifierForward, classifierStep, LABELS, type ClassifierGraphOptions } from '../../../training/classify/classifier-graph.ts'
import { fromScratch } from '../../../training/initialize/from-scratch.ts'
import { isStatistic, trainedParameters } from '../../../training/initialize/frozen.ts'
import { random } from '../../../training/random.ts'
import type { Feeds } from '../../../training/step-graph.ts'
import { leastClassifier } from '../../support/initial.ts'
import { SMALL_CLASSIFIER, seededClassifier } from '../../support/model-files.ts'
import { maxDifference } from '../../support/run.ts'
import { descend } from '../../support/training-step.ts'

const COUNT = 6
const FALL = 3e-4
const WIDTHS = { ghostnet: 0.25, mobilenetv1: 0.25, mobilenetv2: 0.25, shufflenetv1: '0.5x', shufflenetv2: '0.5x' } as const

function optionsOf (config: ClassifierConfig, { freeze = 'none', batchStatistics = true } = {}): ClassifierGraphOptions {
  const initial = fromScratch(config, { seed: 2 })
  return { config, initial, trained: trainedParameters(config, false, freeze), batchStatistics, microBatch: COUNT, labelSmoothing: 0.1 }
}

/** Noisy photos of stripes, in colors and widths of their classes. */
function stripes ({ input: { width, height } }: ClassifierConfig): Uint8Array {
  const next = random('stripes')
  return Uint8Array.from({ length: COUNT * height * width * 3 }, (_, i) => {
    const [photo, y, channel] = [Math.floor(i / (height * width * 3)), Math.floor(i / (width * 3)) % height, i % 3]
    return ((y >> (1 + photo % 3)) % 2 === 0 ? 40 + 60 * ((photo + channel) % 3) : 200) + 50 * next()
  })
}

function feedsOf (config: ClassifierConfig): Feeds {
  const { width, height } = config.input
  return {
    pixels: { type: 'uint8', dims: [COUNT, height, width, 3], data: stripes(config) },
    [LABELS]: { type: 'int64', dims: [COUNT], data: BigInt64Array.from({ length: COUNT }, (_, i) => BigInt(i % 3)) }
  }
}

for (const spec of CLASSIFIERS) {
  t.test(`${spec.name}: a step from random weights lowers the loss, by what the gradient says`, async t => {
    const config = leastClassifier(spec, { width: WIDTHS[spec.name] })
    const options = optionsOf(config)
    const step = classifierStep(options)
    t.same(step.parameters.map(({ name }) => name), options.trained)
    const [before, after] = await descend(step, options.initial, feedsOf(config), { steps: 2, fall: FALL })
    const fall = before!['loss']!.data[0]! - after!['loss']!.data[0]!
    t.ok(fall > 0.2 * FALL && fall < 2 * FALL, `by ${fall} instead of ${FALL}`)
    t.ok(step.peakBytes > step.parameters.length * 4)
  })
}

t.test('norms of the batch have their statistics as outputs, and the number of values behind these', async t => {
  const options = optionsOf(SMALL_CLASSIFIER)
  const step = classifierStep(options)
  t.same(step.losses, ['loss', 'accuracy'])
  t.match(step.norms[0], { path: 'conv1.1', channels: 24, count: COUNT * 32 * 32 })
  t.equal(step.norms.length, [...options.initial.parameters.keys()].filter(name => name.endsWith('running_mean')).length)
  const [first] = await descend(step, options.initial, feedsOf(SMALL_CLASSIFIER), { steps: 1, fall: 0 })
  t.ok(first!['variance/conv1.1']!.data.every(value => value > 0))
  t.equal(first!['mean/conv1.1']!.dims[0], 24)
})

t.test('frozen parts are constants; with running statistics, no norm has outputs', async t => {
  const options = optionsOf(SMALL_CLASSIFIER, { freeze: 'stage3', batchStatistics: false })
  const step = classifierStep(options)
  t.same(step.norms, [])
  t.ok(step.parameters.every(({ name }) => /^(stage4|conv5|fc)\./.test(name)))
  t.ok(step.peakBytes < classifierStep(optionsOf(SMALL_CLASSIFIER)).peakBytes)
})

t.test('validation computes what the served classifier does; its running statistics are fed if training changes them', async t => {
  const { stateDict: initial } = seededClassifier(SMALL_CLASSIFIER)
  const { onnx, parameters } = classifierForward({ ...optionsOf(SMALL_CLASSIFIER), initial })
  t.same(parameters.map(({ name }) => name), [...initial.parameters.keys()])
  const constant = classifierForward(optionsOf(SMALL_CLASSIFIER, { batchStatistics: false })).parameters
  t.notOk(constant.some(({ name }) => isStatistic(name)))
  const { pixels } = feedsOf(SMALL_CLASSIFIER)
  const fed = parameters.map(({ name, shape }) => [name, { type: 'float32', dims: shape, data: initial.parameters.get(name)!.data }] as const)
  const logits = async (onnx: Uint8Array, feeds: Feeds) => (await (await Session.create(onnx, 1)).runFeeds(feeds))['output']!
  const found = await logits(onnx, { pixels: pixels!, ...Object.fromEntries(fed) })
  const served = await logits(compileClassifier(SMALL_CLASSIFIER, weightsOf(initial), COUNT), { pixels: pixels! })
  t.same(found.dims, [COUNT, 3])
  t.ok(maxDifference(found.data, served.data) < 1e-4)
})
