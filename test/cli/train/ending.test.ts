import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { ownCommand, removeState, resumeCommand, sayFinished, sayInterrupted, trainingFacts } from '../../../cli/train/ending.ts'
import { TRAIN_OPTIONS, type TrainOptions } from '../../../cli/train/options.ts'
import { outputFiles } from '../../../cli/train/output-files.ts'

const optionsOf = (given: Readonly<Record<string, unknown>>): TrainOptions =>
  Object.fromEntries(Object.entries(TRAIN_OPTIONS).map(([name, schema]) => [name, schema.parse(given[name])])) as unknown as TrainOptions
const GIVEN = { images: 'photos', annotations: 'truth.json', out: 'models/street' }
const files = outputFiles('models/street')
const result = { stateDict: { folded: true, parameters: new Map() }, epoch: 4, score: 0.5, history: Array.from({ length: 6 }), ending: 'early' } as never
const finished = (given: object, validated = 40) =>
  ({ options: optionsOf({ ...GIVEN, ...given }), files, result, measures: validated > 0 ? { AP: 0.5, AP50: 0.75 } : {}, validated, request: 'detect?model=street' })

function said (say: (io: { stdout: PassThrough, stderr: PassThrough }) => void): [stdout: string, stderr: string] {
  const io = { stdout: new PassThrough(), stderr: new PassThrough() }
  say(io)
  return [String(io.stdout.read() ?? ''), String(io.stderr.read() ?? '')]
}

t.test('the files, the accuracy, and how to serve the model', async t => {
  t.same(said(io => sayFinished(io, finished({ report: 'r.html' }))), [
    'street: AP 0.500, AP50 0.750 on 40 photos that it was not trained on (epoch 5 of 6; no better score for a while)\n' +
    'models/street.safetensors\nmodels/street.json\nr.html\n' +
    'Serve it: MODELS_DIR=models nanodet serve\nUse it: curl --data-binary @photo.jpg \'localhost:8080/detect?model=street\'\n', ''
  ])
  t.match(said(io => sayFinished(io, finished({}, 0)))[0], /^street \(epoch 5 of 6; /)
  const [json] = said(io => sayFinished(io, finished({ json: true, report: 'r.html' })))
  t.same(JSON.parse(json), {
    event: 'result', model: 'street', ending: 'early', epoch: 5, epochs: 6, AP: 0.5, AP50: 0.75, files: [files.weights, files.config], report: 'r.html'
  })
})

t.test('how to continue', async t => {
  const resume = 'nanodet train --images photos --annotations truth.json --out models/street --resume'
  t.same(said(io => sayInterrupted(io, optionsOf({ ...GIVEN, force: true }), files)), ['', `Interrupted; the state is saved. To continue:\n  ${resume}\n`])
  const [json] = said(io => sayInterrupted(io, optionsOf({ ...GIVEN, json: true }), files))
  t.match(JSON.parse(json), { ending: 'interrupted', state: 'models/.street.training', resume: `${resume} --json` })
  t.equal(ownCommand(optionsOf({ ...GIVEN, epochs: '3', lr: '0.01' })), 'nanodet train --images photos --annotations truth.json --out models/street --epochs 3 --lr 0.01')
  t.equal(resumeCommand(optionsOf({ ...GIVEN, resume: true })), resume)
})

t.test('the metadata of the weights have only what these depend on', async t => {
  const facts = (given: object, workers: number) =>
    trainingFacts(optionsOf({ ...GIVEN, ...given }), 'nanodet-m-416', { epochs: 6, workers } as never, 4, { AP: 0.5 })
  const plain = { command: 'nanodet train --images photos --annotations truth.json --out models/street', from: 'nanodet-m-416', settings: { epochs: 6 }, epoch: 5, AP: 0.5 }
  t.same(facts({}, 1), plain)
  t.same(facts({ workers: '2', report: 'r.html', resume: true, force: true, json: true, quiet: true }, 2), plain)
})

t.test('the state of a run that is done', async t => {
  const folder = t.testdir({ '.street.training': '', '.street.training.partial': '', 'street.json': '' })
  await removeState(outputFiles(join(folder, 'street')))
  t.same(['.street.training', '.street.training.partial', 'street.json'].map(name => existsSync(join(folder, name))), [false, false, true])
})
