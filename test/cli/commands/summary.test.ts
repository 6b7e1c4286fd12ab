import t from 'tap'
import { summary as command } from '../../../cli/commands/summary.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { summarize } from '../../../models/summary.ts'
import { call } from '../../support/io.ts'
import { SMALL } from '../../support/model-files.ts'
import { ownModels } from '../../support/own-models.ts'
import { upstreamYaml } from '../../support/upstream-yaml.ts'

const summary = (...argv: string[]) => call(command, argv)
const config = REGISTRY.get('nanodet-plus-m-320')!

t.test('prints tables to a depth', async t => {
  const { exitCode, stdout, stderr } = await summary('nanodet-plus-m-320')
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, /│ all +│ +│ +│ +1,197,924 │ +450,712,800 │/)
  t.match(stdout, /│ {3}stage2 +│/)
  t.notMatch(stdout, 'branch2')
  t.match((await summary('nanodet-plus-m-320', '--depth', '4')).stdout, /│ {7}branch2 +│/)
  t.notMatch((await summary('nanodet-plus-m-320', '--depth', '1')).stdout, 'stage2')
})

t.test('--json prints all of it as one object', async t => {
  const { stdout } = await summary('nanodet-plus-m-320', '--json')
  t.strictSame(JSON.parse(stdout), JSON.parse(JSON.stringify(summarize(config, false))))
  t.match(stdout, /^[^\n]+\n$/)
  const shallow = JSON.parse((await summary('nanodet-plus-m-320', '--json', '--depth', '1', '--folded')).stdout)
  t.strictSame(shallow.layers.map(({ name }: { name: string }) => name), ['backbone', 'fpn', 'head'])
  t.match(shallow, { folded: true, totals: { parameters: 1_186_346 } })
})

t.test('--time runs the network', async t => {
  const { exitCode, stdout, stderr } = await summary('--time', '--depth', '1')
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, /│ head +│.*│ +\d+\.\d\d │\n/)
  const { layers, time, ...rest } = JSON.parse((await summary('--time', '--precision', 'int8', '--json')).stdout)
  t.match(time, { precision: 'int8', runs: Number, threads: Number, total_ms: Number, other_ms: Number })
  const { layers: untimed, ...expected } = JSON.parse(JSON.stringify(summarize(REGISTRY.get('nanodet-m-416')!, false)))
  t.strictSame(rest, expected)
  t.strictSame(layers.map(({ ms, ...layer }: { ms?: number }) => layer), untimed)
  t.match(layers.find(({ name }: { name: string }) => name === 'backbone.stage2'), { ms: Number })
})

t.test('--time needs weights, and a folder for temporary files', async t => {
  t.match(await summary('nanodet-plus-m-320', '--time'), { exitCode: 2, stderr: /^nanodet-plus-m-320 has no built-in weights/ })
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = `${t.testdir()}/missing`
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
  t.match(await summary('--time'), { exitCode: 1, stderr: /^The network could not be profiled: the folder for temporary files can't be written: / })
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp, number?][] = [
    [['yolo'], /^--model: unknown model yolo; nanodet models list/],
    [['nanodet-m', 'nanodet-m-416'], /^Expected one model: nanodet summary \[MODEL\]/],
    [['nanodet-m', '--model', 'nanodet-g'], /^Model given twice/],
    [['nanodet-m', '--depth', '0'], /^--depth: expected a whole number from 1 to 100, found 0/],
    [['nanodet-m-416', '--precision', 'int8'], /^--precision: expected --time, too/],
    [['nanodet-m', '--width', '3'], /^Unknown option --width/],
    [['none.yml'], /^none\.yml: no such file or directory/, 1]
  ]
  for (const [argv, message, code = 2] of wrong) {
    const { exitCode, stdout, stderr } = await summary(...argv)
    t.strictSame([exitCode, stdout], [code, ''], argv.join(' '))
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('the built-in model is the default', async t => {
  t.match(await summary('--quiet'), { exitCode: 0, stdout: /^nanodet-m-416, 1×3×416×416/ })
})

t.test('a model of the user\'s: a config alone suffices', async t => {
  const { folder } = ownModels(t, { 'alone.yml': upstreamYaml(SMALL) })
  t.match(await summary(`${folder}/alone.yml`), { exitCode: 0, stdout: /^alone, 1×3×64×96/ })
  t.match(await summary('--model', 'small', '--models-dir', folder), { exitCode: 0, stdout: /^small, 1×3×64×96/ })
  t.match(await summary(`${folder}/graph.onnx`), {
    exitCode: 2,
    stderr: '--model: summaries are for NanoDet networks; graph is an ONNX graph; ' +
      'nanodet features --list --model graph.onnx lists its layers\n'
  })
  t.match(await summary(`${folder}/kinds.json`), { exitCode: 2, stderr: /kinds is a classifier\n$/ })
})
