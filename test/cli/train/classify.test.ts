import { existsSync, readdirSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { classify } from '../../../cli/commands/classify.ts'
import { evaluate } from '../../../cli/commands/eval.ts'
import { train } from '../../../cli/commands/train.ts'
import { readSafetensors, safetensorsMetadata } from '../../../models/checkpoints/safetensors.ts'
import { drawClasses } from '../../support/class-photos.ts'
import { call } from '../../support/io.ts'

t.setTimeout(240_000) // processes start and train
const folder = t.testdir()
await drawClasses(`${folder}/photos`, { checks: 36, columns: 36, rows: 36 }, 'to train')
await drawClasses(`${folder}/others`, { checks: 8, columns: 8, rows: 8 }, 'others')
const OUT = `${folder}/models/patterns`
const RUN = ['--task', 'classify', '--size', '64', '--batch', '16', '--lr', '0.015', '--workers', '1', '--crop', '0.8']

t.test('a classifier learns drawn patterns from nothing, and is served', async t => {
  const { exitCode, stdout, stderr } = await call(train, [...RUN, '--images', `${folder}/photos`, '--out', OUT, '--model', 'shufflenetv1-0.5x', '--epochs', '6',
    '--report', `${folder}/report.html`])
  t.equal(exitCode, 0, stderr)
  t.match(stderr, /^87 photos to train, 21 to validate \(a share of 0\.2 of each class, by seed 1\)\n/)
  t.match(stderr, /From random weights of shufflenetv1-0\.5x: 148 of 246 tensors are trained, at most 6 epochs\n≈ \d+ MB/)
  t.match(stderr, /epoch 1 of 6: loss \d\.\d+ \(accuracy 0\.\d+\), top-1 0\.\d+, top-5 1\.000, rate /)
  t.match(stdout, new RegExp(`^patterns: top-1 .*\n${OUT}\\.safetensors\n${OUT}\\.json\n`))
  t.same(readdirSync(`${folder}/models`).sort(), ['patterns.json', 'patterns.safetensors'])
  t.match(safetensorsMetadata(readFileSync(`${OUT}.safetensors`)), { model: 'patterns', folded: 'false' })
  const scores = JSON.parse((await call(evaluate, ['--images', `${folder}/others`, '--model', `${OUT}.json`, '--json'])).stdout)
  t.ok(scores.top1 >= 0.5, `top-1 ${scores.top1}`)
  const { stdout: found } = await call(classify, [`${folder}/others/rows/0.jpg`, '--model', 'patterns', '--models-dir', `${folder}/models`])
  t.match(found, /40×40\n.*label/s)
})

t.test('the report has curves, confusion and a sheet of predictions', async t => {
  const page = readFileSync(`${folder}/report.html`, 'utf8')
  for (const part of ['Training', 'Validation', 'Learning rate', 'Rows: true class', 'photos to train']) t.ok(page.includes(part), part)
  t.match(page, /nanodet train --task classify --images/)
  const [, jpeg] = /src="data:image\/jpeg;base64,([^"]+)"/.exec(page)!
  t.match(await sharp(Buffer.from(jpeg!, 'base64')).metadata(), { format: 'jpeg', width: 708 })
})

t.test('a trained classifier learns new classes; --json reports each step', async t => {
  const out = `${folder}/models/two`
  const { exitCode, stdout, stderr } = await call(train, [...RUN, '--images', `${folder}/others`, '--out', out, '--from', `${OUT}.json`, '--epochs', '2', '--json'])
  t.equal(exitCode, 0, stderr)
  const lines = stdout.trim().split('\n').map(line => JSON.parse(line))
  t.match(lines[0], { event: 'start', model: 'two', from: 'patterns', photos: { train: 18, validation: 6 }, classes: [{ class: 'checks', train: 6, validation: 2 }, {}, {}] })
  t.match(lines.filter(({ event }) => event === 'step')[0], { epoch: 1, step: 1, losses: { accuracy: Number, loss: Number } })
  t.match(lines.at(-1), { event: 'result', model: 'two', files: [`${out}.safetensors`, `${out}.json`] })
  const [before, after] = [OUT, out].map(path => readSafetensors(readFileSync(`${path}.safetensors`)).parameters)
  t.same(after!.get('first_conv.0.weight'), before!.get('first_conv.0.weight'), 'frozen')
  t.notSame(after!.get('classifier.0.weight'), before!.get('classifier.0.weight'))
})

t.test('without validation photos, the last epoch is kept, and the report has no accuracy', async t => {
  const { exitCode, stderr } = await call(train, [...RUN, '--images', `${folder}/others`, '--out', `${folder}/models/all`, '--model', 'mobilenetv1-0.25',
    '--epochs', '1', '--val-share', '0', '--report', `${folder}/all.html`, '--quiet'])
  t.equal(exitCode, 0, stderr)
  t.notMatch(readFileSync(`${folder}/all.html`, 'utf8'), /Rows: true class/)
})

t.test('what can\'t be used is said before anything is written', async t => {
  const { exitCode, stderr } = await call(train, [...RUN, '--images', `${folder}/others/rows`, '--out', `${folder}/none/x`])
  t.same([exitCode, stderr.split('\n')[0]], [1, '8 photos have no class: 0.jpg, 1.jpg, 2.jpg and 5 more'])
  t.notOk(existsSync(`${folder}/none`))
})
