import t from 'tap'
import { detectionRun } from '../../../cli/train/detection-run.ts'
import type { BaseModel } from '../../../cli/train/base-model.ts'
import { detectionData } from '../../../cli/train/detection-data.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { fromScratch } from '../../../training/initialize/from-scratch.ts'
import { parametersInTraining } from '../../../training/graph/auxiliary.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { labeledSet } from '../../support/labeled-photos.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'

const data = detectionData(labeledSet([[[1, [0, 0, 9, 9]]], []]), labeledSet([[]]))
const { config, stateDict } = seededModel(SMALL)
const base = { config, initial: stateDict, origin: 'small', start: 'new-classes', auxiliary: false } as const
const run = (options: Partial<TrainOptions>, from: BaseModel = base) => detectionRun(from, data, { seed: 3, ...options } as TrainOptions)

t.test('defaults, and options in their place', async t => {
  const { spec, settings } = run({})
  t.match(spec, { kind: 'detector', microBatch: 4, seed: 3, batchStatistics: false, examples: { length: 2 }, validation: { length: 1 } })
  t.notOk(spec.trained.some(name => /^backbone\.(conv1|stage2)\./.test(name)))
  t.ok(spec.trained.some(name => name.startsWith('backbone.stage3.')))
  t.match(settings, { epochs: 200, batch: 8, learningRate: 0.002, workers: Number })
  t.match(run({ epochs: 2, batch: 6, lr: 0.1, patience: 4, workers: 1, mosaic: 0.5 }), {
    spec: { microBatch: 3, augmentation: { mosaic: 0.5 } }, settings: { epochs: 2, batch: 6, learningRate: 0.1, patience: 4, workers: 1 }
  })
  t.ok(run({ freeze: 'none' }).spec.trained.length > spec.trained.length)
})

t.test('a part that can\'t be frozen', async t => {
  t.throws(() => run({ freeze: 'stage9' }), { name: 'UsageError', message: /^--freeze: shufflenetv2 has no stage9 to freeze; possible: none, stem, / })
})

t.test('from random weights, everything is trained; NanoDet-Plus with its auxiliary head', async t => {
  const plus = { ...REGISTRY.get('nanodet-plus-m-320')!, input: { width: 64, height: 64 } }
  const initial = fromScratch(plus, { seed: 1, params: parametersInTraining(plus, true) })
  const { spec: { trained, auxiliary, batchStatistics } } = run({}, { config: plus, initial, origin: 'random weights', start: 'random', auxiliary: true })
  t.ok(auxiliary && batchStatistics && trained.includes('aux_head.gfl_cls.weight') && trained.includes('backbone.conv1.0.weight'))
  t.notOk(trained.some(name => /running_(mean|var)$/.test(name)))
})
