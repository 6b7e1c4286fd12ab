import { readFileSync } from 'node:fs'
import t from 'tap'
import { SCORING_OPTIONS } from '../../../engine/options.ts'
import { Session } from '../../../engine/session.ts'
import { Steps } from '../../../engine/steps.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { compile } from '../../../models/network.ts'
import { OUTPUT_NAME } from '../../../models/tensor-names.ts'
import type { ReadPhoto } from '../../../training/objective.ts'
import { detectorObjective } from '../../../training/objectives/detector.ts'
import { Trainer } from '../../../training/processes/trainer.ts'
import { initialValues } from '../../../training/run-arrays.ts'
import { Layout } from '../../../training/layout.ts'
import { random } from '../../../training/random.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { seededModel } from '../../support/model-files.ts'
import { UNCHANGED } from '../../support/augmentation.ts'
import { noise } from '../../support/noise.ts'
import { drawSquares, tinySpec } from '../../support/tiny-training.ts'

const pictures = await drawSquares(t.testdir(), 4)
const spec = { ...tinySpec(pictures, 2), batchStatistics: false, augmentation: UNCHANGED }
const read: ReadPhoto = async () => noise(96, 64)

t.test('validation finds what the served model finds', async t => {
  const objective = detectorObjective(spec)
  const trainer = await Trainer.create(spec, objective, 1e6)
  t.teardown(() => trainer.release())
  trainer.load(initialValues(new Layout(objective.step), spec.initial))
  const [found] = await trainer.predict([0])

  const session = await Session.create(compile(spec.config, weightsOf(spec.initial)), 1)
  t.teardown(() => session.release())
  const steps = new Steps(spec.config)
  const prepared = await steps.preprocess({ bytes: readFileSync(spec.validation[0]!.path), maxPixels: 1e6 })
  const served = steps.postprocess((await session.run(prepared.picture))[OUTPUT_NAME]!.data, prepared, SCORING_OPTIONS)
  t.ok(served.length > 0)
  t.same(found!.length, served.length)
  served.forEach(({ score, classId, box }, i) => {
    const other = (found as typeof served)[i]!
    t.equal(other.classId, classId)
    t.ok(Math.abs(other.score - score) < 1e-4)
    box.forEach((side, k) => t.ok(Math.abs(side - other.box[k]!) < 0.05))
  })
})

t.test('without changes, an example is the photo as served, with its boxes where they are', async t => {
  const { pixels, target } = await detectorObjective(spec).example(0, read, random('example'))
  t.equal(Buffer.compare(pixels, noise(96, 64).data), 0)
  t.same(target, spec.examples[0]!.objects)
})

t.test('boxes beyond the photo are clipped to it', async t => {
  const examples = [{ path: 'a', objects: [{ box: [-20, -20, 40, 200], label: 1 }] as const }]
  const { target } = await detectorObjective({ ...spec, examples }).example(0, read, random('example'))
  t.same(target, [{ box: [0, 0, 40, 64], label: 1 }])
})

t.test('a mosaic has the objects of four photos', async t => {
  const augmentation = { ...UNCHANGED, mosaic: 1 }
  const { target } = await detectorObjective({ ...spec, augmentation }).example(0, read, random('example'))
  t.equal((target as unknown[]).length, 4)
})

t.test('models that pad get the mean color where the photo leaves the input free', async t => {
  for (const [channelOrder, color] of [['BGR', [124, 116, 104]], ['RGB', [104, 116, 124]]] as const) {
    const normalization = { ...spec.config.normalization, channelOrder }
    const config = { ...spec.config, resizeMode: 'keep-ratio' as const, normalization }
    const tall: ReadPhoto = async () => noise(32, 64)
    const objective = detectorObjective({ ...spec, config })
    t.same([...(await objective.example(0, tall, random('example'))).pixels.slice(-3)], color)
    t.same([...(await objective.shown(0, tall)).pixels.slice(-3)], color)
  }
})

t.test('NanoDet-Plus assigns targets by what it predicts', async t => {
  const config = { ...REGISTRY.get('nanodet-plus-m-320')!, input: spec.config.input, labels: spec.config.labels }
  const { stateDict: initial } = seededModel(config)
  const plus = { ...spec, config, initial, trained: [...initial.parameters.keys()].filter(name => name.startsWith('head.gfl_cls')) }
  const trainer = await Trainer.create(plus, detectorObjective(plus), 1e6)
  t.teardown(() => trainer.release())
  trainer.load(initialValues(new Layout(trainer.graph), initial))
  const { losses } = await trainer.step({ epoch: 0, first: 0, photos: [0, 1] })
  t.ok(losses['loss_bbox']! > 0, 'there are positives')
})
