import { PassThrough } from 'node:stream'
import t from 'tap'
import { announceClassifier } from '../../../cli/train/announce-classifier.ts'
import { classificationRun } from '../../../cli/train/classification-run.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { TextProgress } from '../../../cli/train/progress.ts'
import { seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const config = { ...SMALL_CLASSIFIER, labels: Array.from({ length: 22 }, (_, i) => `kind ${i}`) }
const base = { config, initial: seededClassifier(config).stateDict, origin: 'random weights', isFromScratch: true }
const data = { labels: config.labels, train: [{ path: 'a.jpg', label: 3 }, { path: 'b.jpg', label: 3 }], validation: [{ path: 'c.jpg', label: 0 }] }

function announce (given: Partial<TrainOptions>) {
  const options = { seed: 1, workers: 1, ...given } as TrainOptions
  const io = { stdout: new PassThrough(), stderr: new PassThrough() }
  const files = { folder: 'models', name: 'kinds', weights: '', config: '', state: '' }
  const prepared = { options, files, data, folder: 'val', warnings: ['few photos'], base, ...classificationRun(options, base, data) }
  announceClassifier(prepared, new TextProgress(io), io)
  return { stdout: String(io.stdout.read() ?? ''), stderr: String(io.stderr.read() ?? '') }
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
