import { writeFile } from 'node:fs/promises'
import t from 'tap'
import { modelsList } from '../../../cli/commands/models-list.ts'
import { writeLockEntry } from '../../../cli/pull/models-lock.ts'
import { PUBLISHED_CHECKPOINTS } from '../../../models/published-checkpoints.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { CLASSIFIER_JSON } from '../../support/model-files.ts'
import { call } from '../../support/io.ts'

const entry = (model: string, source: string) => ({ file: `${model}.ckpt`, bytes: 1, sha256: 'a'.repeat(64), source })
const published = (model: string): string => PUBLISHED_CHECKPOINTS.get(model)![0]

async function list (...argv: string[]): Promise<Array<Record<string, unknown>>> {
  const { exitCode, stdout, stderr } = await call(modelsList, [...argv, '--json'])
  t.strictSame([exitCode, stderr], [0, ''])
  return JSON.parse(stdout).models
}

t.test('lists the registry as a table', async t => {
  const { exitCode, stdout, stderr } = await call(modelsList, [])
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, /│ name +│ input +│ parameters │ +AP │ weights +│ license +│/)
  t.match(stdout, /│ nanodet-m-416 +│ 416×416 │ +950,036 │ 23\.5 │ built in +│ MIT +│/)
  t.match(stdout, /│ nanodet-plus-m-416 +│ 416×416 │ +1,197,924 │ 30\.4 │ available │ Apache-2\.0 │/)
})

t.test('--json has the same, as numbers', async t => {
  const models = await list()
  t.strictSame(models.map(({ name }) => name), [...REGISTRY.keys()])
  t.strictSame(models[2], {
    name: 'nanodet-m-416', task: 'detect', input: { width: 416, height: 416 }, parameters: 950_036, ap: 0.235, license: 'MIT', weights: 'built in'
  })
})

t.test('a folder adds its models and says which were pulled', async t => {
  const dir = t.testdir({ 'nanodet-t.ckpt': '', 'nanodet-g.ckpt': '', 'nanodet-m.ckpt': '', 'kinds.json': CLASSIFIER_JSON, 'kinds.pth': '', 'lost.yml': '' })
  await writeLockEntry(dir, 'nanodet-t', entry('nanodet-t', published('nanodet-t')))
  await writeLockEntry(dir, 'nanodet-g', entry('nanodet-g', 'file:///home/me/g.ckpt'))
  const models = await list('--models-dir', dir)
  const of = (name: string) => models.filter(model => model['name'] === name)
  t.match(of('nanodet-t'), [{ weights: 'pulled', ap: 0.217, license: 'Apache-2.0' }])
  t.strictSame(of('nanodet-g'), [{ name: 'nanodet-g', task: 'detect', input: { width: 416, height: 416 }, parameters: 3_788_628, weights: 'pulled' }])
  t.match(of('nanodet-m'), [{ weights: 'in the folder', ap: undefined }])
  t.match(of('kinds'), [{ task: 'classify', input: { width: 64, height: 64 }, weights: 'in the folder' }])
  t.match(of('lost'), [{ weights: 'in the folder', problem: /^lost: / }])
  t.strictSame(models.map(({ name }) => name), [...REGISTRY.keys(), 'kinds', 'lost'])
  const { stdout } = await call(modelsList, ['--models-dir', dir])
  t.match(stdout, /│ lost +│ – +│ +– │ +– │ in the folder │ – +│/)
  t.match(stdout, /\nlost: .*\n$/)
})

t.test('a folder that can\'t be read, or whose lock file can\'t', async t => {
  const dir = t.testdir({ 'nanodet-t.ckpt': '' })
  const none = await call(modelsList, ['--models-dir', `${dir}/none`])
  t.strictSame([none.exitCode, none.stderr], [1, `${dir}/none: no such file or directory\n`])
  await writeFile(`${dir}/models.lock.json`, '{')
  t.match(await call(modelsList, ['--models-dir', dir]), { exitCode: 1, stderr: /not a lock file/ })
})
