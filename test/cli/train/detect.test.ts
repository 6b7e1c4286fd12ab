import { readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { train } from '../../../cli/commands/train.ts'
import { safetensorsMetadata } from '../../../models/checkpoints/safetensors.ts'
import { writeConfig } from '../../../models/files/write-config.ts'
import { call } from '../../support/io.ts'
import { labeledPhotos } from '../../support/labeled-photos.ts'
import { SMALL } from '../../support/model-files.ts'

const { photos, truth } = await labeledPhotos(10)
const TINY = writeConfig({ kind: 'detector', config: { ...SMALL, input: { width: 64, height: 64 } } })

/** A run of two epochs from random weights. @param more arguments, with DIR for the test's folder */
function folderOf (t: Test) {
  const folder = t.testdir({ photos, 'truth.json': JSON.stringify(truth), 'tiny.json': TINY })
  const argv = ['--images', 'DIR/photos', '--annotations', 'DIR/truth.json', '--model', 'DIR/tiny.json', '--out', 'DIR/models/tiny', '--epochs', '2', '--batch', '8', '--workers', '1']
  const run = (...more: string[]) => call(train, [...argv, ...more].map(argument => argument.replace('DIR', folder)))
  return { folder, run }
}

t.test('a model, what it measures, and how to go on; a report', async t => {
  const { folder, run } = folderOf(t)
  const { exitCode, stdout, stderr } = await run('--report', 'DIR/report.html')
  t.equal(exitCode, 0, stderr)
  t.match(stderr, /^8 photos to train, 2 to validate \(a share of 0\.2, by seed 1\)\nFrom random weights: \d+ of \d+ tensors are trained, at most 2 epochs\n≈ \d+ MB for batches of 8 at 64×64, with 1 worker\n/)
  t.match(stderr, /disc +│ +\d │ +\d/)
  t.match(stderr, /^Warning: 2 classes with fewer than 10 objects to train on: disc, square$/m)
  t.match(stderr, /^epoch 1 of 2: loss \d.*, AP [\d.–]+, AP50 [\d.–]+, rate [\d.e-]+, \d+ s, best so far\nepoch 2 of 2: /m)
  t.match(stdout, /^tiny: AP .* on 2 photos that it was not trained on \(epoch [12] of 2; all epochs\)\n.*tiny\.safetensors\n.*tiny\.json\n.*report\.html\nServe it: MODELS_DIR=/)
  t.same(readdirSync(`${folder}/models`).sort(), ['tiny.json', 'tiny.safetensors'])
  const { training } = safetensorsMetadata(readFileSync(`${folder}/models/tiny.safetensors`))
  t.match(JSON.parse(String(training)), { from: 'random weights', settings: { epochs: 2 }, command: /^nanodet train --images / })
  t.match(readFileSync(`${folder}/report.html`, 'utf8'), /^<!doctype html>.*tiny: training.*Validation photos/s)
})

t.test('JSON lines; without validation', async t => {
  const { folder, run } = folderOf(t)
  const { stdout, stderr, exitCode } = await run('--json', '--val-share', '0', '--report', 'DIR/r.html')
  t.equal(exitCode, 0, stderr)
  const [start, ...lines] = stdout.trim().split('\n').map(line => JSON.parse(line))
  t.match(start, { event: 'start', model: 'tiny', photos: { train: 10, validation: 0 }, classes: [{ class: 'disc', train: 5, validation: 0 }, { class: 'square', train: 5 }], memory_bytes: Number })
  t.same(lines.map(({ event }) => event), ['step', 'step', 'epoch', 'step', 'step', 'epoch', 'result'])
  t.match(lines.at(-1), { event: 'result', model: 'tiny', ending: 'finished', epoch: 2, epochs: 2, files: [/tiny\.safetensors$/, /tiny\.json$/], report: /r\.html$/ })
  t.match(await run('--val-share', '0'), { exitCode: 2, stderr: /tiny\.json is there: --force replaces the model\n$/ })
  t.notMatch(readFileSync(`${folder}/r.html`, 'utf8'), 'Validation photos')
})

t.test('interrupted, and resumed', async t => {
  const { folder, run } = folderOf(t)
  const handlers = process.listenerCount('SIGINT')
  const interrupted = run()
  while (process.listenerCount('SIGINT') === handlers) await new Promise(resolve => setTimeout(resolve, 5))
  process.emit('SIGINT', 'SIGINT')
  const { exitCode, stderr } = await interrupted
  t.equal(exitCode, 130)
  t.match(stderr, /Stopping after this step; again to stop at once\nInterrupted; the state is saved\. To continue:\n {2}nanodet train .* --resume\n$/)
  t.same(readdirSync(`${folder}/models`), ['.tiny.training'])
  t.match(await run(), { exitCode: 2, stderr: /an unfinished run of tiny is there: --resume continues it/ })
  t.match(await run('--resume', '--lr', '0.5'), { exitCode: 1, stderr: /is the state of another run, with another learning rate/ })
  t.match(await run('--resume'), { exitCode: 0, stdout: /^tiny: AP .*, AP50 .*epoch [12] of 2/ })
  t.same(readdirSync(`${folder}/models`).sort(), ['tiny.json', 'tiny.safetensors'])
})
