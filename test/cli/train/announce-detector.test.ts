import { PassThrough } from 'node:stream'
import t from 'tap'
import { announceDetector } from '../../../cli/train/announce-detector.ts'
import type { PreparedDetector } from '../../../cli/train/prepare-detector.ts'
import { detectionData } from '../../../cli/train/detection-data.ts'
import { detectionRun } from '../../../cli/train/detection-run.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { outputFiles } from '../../../cli/train/output-files.ts'
import { labeledSet } from '../../support/labeled-photos.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'

const { config, stateDict } = seededModel({ ...SMALL, input: { width: 64, height: 64 }, labels: ['disc', 'square'] })
const data = detectionData(labeledSet([[[1, [0, 0, 20, 20]]], [[2, [0, 0, 20, 20]]]]), labeledSet([]))
const base = { config, initial: stateDict, origin: 'small', start: 'new-classes', auxiliary: false } as const
const SILENT = { note () {}, onStep () {}, onEpoch () {}, stop () {} }
const options = { seed: 4, epochs: 1, workers: 2, valShare: 0 } as TrainOptions
const prepared: PreparedDetector = {
  options, files: outputFiles('models/tiny'), data, folder: 'photos', warnings: ['1 photo is odd'], base, ...detectionRun(base, data, options)
}

t.test('data, model, memory, classes and warnings, a line each', async t => {
  const notes: string[] = []
  announceDetector(prepared, { ...SILENT, note: line => notes.push(line) }, { stdout: new PassThrough(), stderr: new PassThrough() })
  t.equal(notes[0], '2 photos to train, 0 to validate (a share of 0, by seed 4)')
  t.match(notes[1], /^From small: \d+ of \d+ tensors are trained, at most 1 epoch$/)
  t.match(notes[2], /^≈ \d+ MB for batches of 8 at 64×64, with 2 workers$/)
  t.match(notes[3], /disc +│ +1 │ +0/)
  t.equal(notes[4], 'Warning: 1 photo is odd')
})

t.test('an object with --json', async t => {
  const stdout = new PassThrough()
  announceDetector({ ...prepared, options: { ...options, json: true } }, SILENT, { stdout, stderr: stdout })
  t.match(JSON.parse(String(stdout.read())), {
    event: 'start',
    model: 'tiny',
    from: 'small',
    photos: { train: 2, validation: 0 },
    classes: [{ class: 'disc', train: 1, validation: 0 }, {}],
    warnings: ['1 photo is odd'],
    input: { width: 64, height: 64 },
    seed: 4,
    settings: { epochs: 1 },
    memory_bytes: Number
  })
})
