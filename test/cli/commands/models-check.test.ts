import { writeFile } from 'node:fs/promises'
import t from 'tap'
import { modelsCheck } from '../../../cli/commands/models-check.ts'
import { sha256Of, writeLockEntry } from '../../../cli/pull/models-lock.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { call } from '../../support/io.ts'
import { CLASSIFIER_JSON, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER, torchFile } from '../../support/model-files.ts'
import { upstreamYaml } from '../../support/upstream-yaml.ts'

const NAME = 'nanodet-m-0.5x'
const CHECKPOINT = torchFile(seededModel(REGISTRY.get(NAME)!).stateDict)
const CLASSIFIER = torchFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
const check = (...argv: string[]) => call(modelsCheck, argv)

t.test('a folder: every model is loaded and described; one that can\'t be served makes the exit code 1', async t => {
  const dir = t.testdir({ [`${NAME}.ckpt`]: CHECKPOINT, 'kinds.json': CLASSIFIER_JSON, 'kinds.pth': CLASSIFIER, 'lost.yml': '', 'nanodet-t.ckpt': CHECKPOINT })
  await writeLockEntry(dir, NAME, { file: `${NAME}.ckpt`, bytes: 1, sha256: await sha256Of(`${dir}/${NAME}.ckpt`), source: 'https://example.com/a' })
  const { exitCode, stdout, stderr } = await check(dir)
  t.strictSame([exitCode, stderr], [1, ''])
  t.match(stdout, `kinds: ok
  file        ${dir}/kinds.pth
  task        classify, fp32
  input       64×64
`)
  t.match(stdout, 'classes     3: cat, dog, cow\n')
  t.match(stdout, /lost: can't be served\n {2}problem +lost: /)
  t.match(stdout, `${NAME}: ok
  file        ${dir}/${NAME}.ckpt
  task        detect, fp32
  input       320×320, letterbox
  network     shufflenetv2 0.5x, pan, nanodet-head, 271,056 parameters
  classes     80: person, bicycle, car, motorcycle, airplane, …
  lock        the file that was pulled
`)
  t.match(stdout, /nanodet-t: can't be served\n {2}problem +nanodet-t\.ckpt: /)
  await writeFile(`${dir}/${NAME}.ckpt`, 'changed')
  const changed = await check(`${dir}/${NAME}.ckpt`, '--json')
  t.equal(changed.exitCode, 1)
  t.match(JSON.parse(changed.stdout), { name: NAME, ok: false, locked: false, problem: /has changed since it was pulled/ })
})

t.test('the built-in model, as JSON', async t => {
  const { exitCode, stdout } = await check('--json')
  t.equal(exitCode, 0)
  t.match(JSON.parse(stdout), {
    name: 'nanodet-m-416', ok: true, info: { task: 'detect', input: { width: 416, height: 416 }, resizeMode: 'letterbox', precision: 'fp32' }
  })
  t.notOk('layers' in JSON.parse(stdout).info)
})

t.test('a folder without models', async t => {
  t.strictSame(await check(t.testdir({})), { exitCode: 0, stdout: '', stderr: 'The folder has no models\n' })
})

t.test('wrong arguments', async t => {
  t.match(await check('a', 'b'), { exitCode: 2, stderr: /^Expected one model or one folder/ })
  t.match(await check('nanodet-tt'), { exitCode: 2, stderr: /unknown model nanodet-tt; did you mean nanodet-t\?/ })
})

t.test('guesses are notes', async t => {
  const { parameters } = seededModel(SMALL).stateDict
  const dir = t.testdir({ 'graph.onnx': Buffer.from(exportRaw(SMALL, weightsOf({ parameters, folded: false }))) })
  const { exitCode, stdout } = await check(`${dir}/graph.onnx`)
  t.equal(exitCode, 0)
  t.match(stdout, '\n  note        Guessed from the shapes of the outputs: 3 classes, labeled class_0 to class_2.\n  note        Guessed')
})

t.test('keys of a config that have no effect, if there are any', async t => {
  const checkpoint = torchFile(seededModel(SMALL).stateDict)
  const misspelled = upstreamYaml(SMALL, file => { file['kep_ratio'] = true })
  const dir = t.testdir({ 'a.yml': upstreamYaml(SMALL), 'a.ckpt': checkpoint, 'b.yml': misspelled, 'b.ckpt': checkpoint })
  const [a, b] = (await check(dir)).stdout.split('b: ok')
  t.match(a, /^a: ok\n[^]*classes {5}3: /)
  t.notMatch(a, 'not used')
  t.match(b, '  not used    kep_ratio\n')
})
