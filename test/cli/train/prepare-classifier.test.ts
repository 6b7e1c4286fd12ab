import { PassThrough } from 'node:stream'
import t from 'tap'
import { TRAIN_OPTIONS, type TrainOptions } from '../../../cli/train/options.ts'
import { prepareClassifier } from '../../../cli/train/prepare-classifier.ts'
import { drawClasses } from '../../support/class-photos.ts'

const folder = t.testdir()
await drawClasses(`${folder}/photos`, { checks: 4, rows: 5 }, 'prepare')
await drawClasses(`${folder}/val`, { checks: 1, rows: 1 }, 'validate')
await drawClasses(`${folder}/one`, { rows: 2 }, 'one')
const io = { stdout: new PassThrough(), stderr: new PassThrough(), quiet: true }

/** @param given as a command line has them */
function prepare (given: Readonly<Record<string, string>>) {
  const all = { task: 'classify', images: `${folder}/photos`, out: `${folder}/models/shapes`, workers: '1', ...given } as Record<string, string>
  const options = Object.fromEntries(Object.entries(TRAIN_OPTIONS).map(([name, schema]) => [name, schema.parse(all[name])]))
  return prepareClassifier(options as unknown as TrainOptions, io)
}

t.test('photos, model, spec and settings', async t => {
  const prepared = await prepare({ size: '32' })
  t.match(prepared, {
    files: { name: 'shapes' },
    folder: `${folder}/photos`,
    data: { labels: ['checks', 'rows'], train: { length: 7 }, validation: { length: 2 } },
    base: { config: { name: 'shapes', labels: ['checks', 'rows'], input: { width: 32 } } },
    spec: { kind: 'classifier' },
    settings: { epochs: 100 }
  })
  t.same(prepared.warnings, ['classes with fewer than 10 photos: checks, rows'])
  t.equal((await prepare({ valImages: `${folder}/val` })).folder, `${folder}/val`)
})

t.test('options of detectors, and photos that can\'t be used', async t => {
  for (const [option, value, flag] of [['format', 'coco', '--format'], ['classNames', 'a,b', '--class-names'], ['mosaic', '0.5', '--mosaic']] as const) {
    await t.rejects(prepare({ [option]: value }), { name: 'UsageError', message: `${flag}: only for detectors` })
  }
  await t.rejects(prepare({ images: `${folder}/one` }), { name: 'CommandError', message: /one class only/ })
  await t.rejects(prepare({ out: `${folder}/models/a b` }), { name: 'UsageError', message: /^--out/ })
})
