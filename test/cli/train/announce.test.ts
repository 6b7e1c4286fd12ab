import { PassThrough } from 'node:stream'
import t from 'tap'
import { announceClassifier, announceDetector } from '../../../cli/train/announce.ts'
import { classificationRun } from '../../../cli/train/classification-run.ts'
import { detectionData } from '../../../cli/train/detection-data.ts'
import { detectionRun } from '../../../cli/train/detection-run.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { outputFiles } from '../../../cli/train/output-files.ts'
import type { PreparedDetector } from '../../../cli/train/prepare-detector.ts'
import { TextProgress } from '../../../cli/train/progress.ts'
import { labeledSet } from '../../support/labeled-photos.ts'
import { seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

t.test('a detector', async t => {
  const { config, stateDict } = seededModel({ ...SMALL, input: { width: 64, height: 64 }, labels: ['disc', 'square'] })
  const data = detectionData(labeledSet([[[1, [0, 0, 20, 20]]], [[2, [0, 0, 20, 20]]]]), labeledSet([]))
  const base = { config, initial: stateDict, origin: 'small', start: 'new-classes', auxiliary: false } as const
  const options = { seed: 4, epochs: 1, workers: 2, valShare: 0 } as TrainOptions
  const prepared: PreparedDetector = {
    options, files: outputFiles('models/tiny'), data, folder: 'photos', warnings: ['1 photo is odd'], base, ...detectionRun(base, data, options)
  }
  const announce = (options: TrainOptions) => writtenBy(io => announceDetector({ ...prepared, options }, new TextProgress(io), io))

  t.test('data, model, memory, classes and warnings, a line each', async t => {
    const { stderr } = announce(options)
    t.match(stderr, /^2 photos to train, 0 to validate \(a share of 0, by seed 4\)\nFrom small: \d+ of \d+ tensors are trained, at most 1 epoch\n/)
    t.match(stderr, /≈ \d+ MB for batches of 8 at 64×64, with 2 workers\n/)
    t.match(stderr, /class +│ to train +│ to validate[^]*disc +│ +1 │ +0[^]*Warning: 1 photo is odd\n$/)
  })

  t.test('an object with --json', async t => {
    t.match(JSON.parse(announce({ ...options, json: true }).stdout), {
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
})

t.test('a classifier', async t => {
  const config = { ...SMALL_CLASSIFIER, labels: Array.from({ length: 22 }, (_, i) => `kind ${i}`) }
  const base = { config, initial: seededClassifier(config).stateDict, origin: 'random weights', isFromScratch: true }
  const data = { labels: config.labels, train: [{ path: 'a.jpg', label: 3 }, { path: 'b.jpg', label: 3 }], validation: [{ path: 'c.jpg', label: 0 }] }
  const announce = (given: Partial<TrainOptions>) => {
    const options = { seed: 1, workers: 1, ...given } as TrainOptions
    const prepared = {
      options, files: outputFiles('models/kinds'), data, folder: 'val', warnings: ['few photos'], base, ...classificationRun(options, base, data)
    }
    return writtenBy(io => announceClassifier(prepared, new TextProgress(io), io))
  }

  t.test('lines about photos, model, memory, classes and warnings', async t => {
    const { stderr } = announce({})
    t.match(stderr, /^2 photos to train, 1 to validate \(a share of 0\.2 of each class, by seed 1\)\nFrom random weights: 170 of 282 tensors are trained, at most 100 epochs\n/)
    t.match(stderr, /≈ \d+ MB for batches of 32 at 64×64, with 1 worker\n/)
    t.match(stderr, /kind 3 +│ +2 │ +0 │[^]*kind 0 +│ +0 │ +1 │[^]*2 more classes have fewer photos\nWarning: few photos\n$/)
    t.match(announce({ valImages: 'val' }).stderr, /1 to validate \(val\)/)
  })

  t.test('an object with --json', async t => {
    const { stdout, stderr } = announce({ json: true })
    t.equal(stderr, '')
    t.match(JSON.parse(stdout), { event: 'start', model: 'kinds', photos: { train: 2, validation: 1 }, warnings: ['few photos'], seed: 1 })
  })
})

function writtenBy (announce: (io: { stdout: PassThrough, stderr: PassThrough }) => void) {
  const io = { stdout: new PassThrough(), stderr: new PassThrough() }
  announce(io)
  return { stdout: String(io.stdout.read() ?? ''), stderr: String(io.stderr.read() ?? '') }
}
