import { join } from 'node:path'
import t from 'tap'
import { DetectionScorer } from '../../../cli/train/detection-score.ts'
import { outputFiles } from '../../../cli/train/output-files.ts'
import { runTraining } from '../../../cli/train/run-training.ts'
import { detectionRun } from '../../../cli/train/detection-run.ts'
import { detectionData } from '../../../cli/train/detection-data.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { labeledPhotos } from '../../support/labeled-photos.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'

const { photos, truth } = await labeledPhotos(4)
const facts = { width: 96, height: 96, orientation: 1, hash: 'x' }
const QUIET = { note () {}, onStep () {}, onEpoch () {}, stop () {} }

t.test('what stops a run is one line', async t => {
  const folder = t.testdir(photos)
  const set = { folder, dataset: { ...truth, notes: [] }, photos: new Map(Object.keys(photos).map(file => [file, facts])) }
  const { config, stateDict } = seededModel({ ...SMALL, input: { width: 64, height: 64 }, labels: ['disc', 'square'] })
  const base = { config, initial: stateDict, origin: 'small', start: 'new-classes', auxiliary: false } as const
  const data = detectionData(set, set)
  const { spec, settings } = detectionRun(base, data, { seed: 1, epochs: 1, batch: 4, workers: 1 } as TrainOptions)
  const parts = { spec, settings, files: outputFiles(join(folder, 'new/tiny')), resume: false, scorer: new DetectionScorer(data.truth), progress: QUIET }
  const before = process.listenerCount('SIGINT')
  await t.rejects(runTraining({ ...parts, spec: { ...spec, trained: [] } }), { name: 'CommandError', message: /^there is nothing to train/ })
  const notNumbers = [...stateDict.parameters].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => NaN) }] as const)
  const strange = { ...spec, initial: { ...stateDict, parameters: new Map(notNumbers) } }
  await t.rejects(runTraining({ ...parts, spec: strange }), { name: 'CommandError', message: /step 1 .* is not finite/ })
  t.equal(process.listenerCount('SIGINT'), before)
})
