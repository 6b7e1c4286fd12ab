import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { bench as command } from '../../bench/bench.ts'
import type { Report } from '../../bench/report.ts'
import { photo } from '../support/files.ts'
import { call } from '../support/io.ts'
import { ownModels } from '../support/own-models.ts'

const BUILD = fileURLToPath(new URL('../..', import.meta.url)) // the tests run compiled, in dist/test

const bench = (...argv: string[]) => call(command, argv)

process.env['WORKERS'] = '1' // starts sooner

t.test('a short run', async t => {
  const folder = t.testdir({ photos: { 'a.jpg': photo('sample-me.jpg') } })
  const short = ['--seconds', '1', '--rounds', '1', '--concurrency', '1,8', '--turns', '1', '--turn-seconds', '1']
  const argv = [...short, '--images', `${folder}/photos`, '--out', `${folder}/out`]
  const { exitCode, stdout, stderr } = await bench(...argv, '--json')
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  const report: Report = JSON.parse(stdout)
  t.match(report, { model: 'nanodet-m-416', threads: 1, photos: { count: 1 } })
  t.same(report.levels.map(({ concurrency, failed }) => [concurrency, failed]), [[1, 0], [8, 0]])
  t.match(report.throughput, { clients: 8, pipelines: report.workers, turns: 1 })
  t.ok(report.ratios.http_to_bare! > 0 && report.ratios.throughput_to_bare > 0)
  t.same((await readdir(`${folder}/out`)).sort(), ['bench.json', 'bench.md', 'bench.svg'])
  t.same(JSON.parse(await readFile(`${folder}/out/bench.json`, 'utf8')), report)
  t.match(await readFile(`${folder}/out/bench.md`, 'utf8'), /\| clients \| requests \| failed \|/)
})

t.test('--compare times two models', async t => {
  const { folder, photos } = ownModels(t)
  const own = `${folder}/small.yml`
  const argv = ['--compare', 'nanodet-m-416', own, '--rounds', '2', '--images', photos, '--out', `${folder}/out`]
  const { exitCode, stdout, stderr } = await bench(...argv)
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  t.match(stdout, `1 photo; A: nanodet-m-416, B: ${own}, in turn`)
  t.match(stdout, /\| ms per photo \| +2 \|/)
  t.same((await readdir(`${folder}/out`)).sort(), ['compare.json', 'compare.md'])
})

t.test('--compare with --clients and --starts', async t => {
  const folder = t.testdir({ photos: { 'a.jpg': photo('sample-me.jpg') } })
  const argv = ['--compare', BUILD, BUILD, '--clients', '2', '--turns', '1', '--turn-seconds', '1', '--starts', '1', '--images', `${folder}/photos`, '--json']
  const { exitCode, stdout, stderr } = await bench(...argv)
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  t.match(JSON.parse(stdout), { sides: [BUILD, BUILD], measures: [{ name: 'requests/s', rounds: 1 }, { name: 'p50, ms' }] })
  t.match(stdout, '"start to ready, ms"')
  const models = await bench('--compare', 'nanodet-m-416', 'nanodet-m-416', '--starts', '1', '--images', `${folder}/photos`)
  t.match(models, { exitCode: 2, stderr: '--clients and --starts compare builds: nanodet-m-416 and nanodet-m-416 are not folders with builds\n' })
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const { exitCode, stdout, stderr } = await bench('--speed', '5')
  t.strictSame([exitCode, stdout], [2, ''])
  t.match(stderr, /^Unknown option --speed/)
})

t.test('photos that are not there are a line on stderr', async t => {
  const folder = t.testdir({ 'a.jpg': 'no photo' })
  t.match(await bench('--images', `${folder}/none`), { exitCode: 1, stderr: `${folder}/none: no such file or directory\n` })
  t.match(await bench('--images', folder), { exitCode: 1, stderr: /a\.jpg: Cannot decode/ })
})

t.test('a model of the user\'s, in a short run', async t => {
  const { folder, photos } = ownModels(t)
  const short = ['--seconds', '1', '--rounds', '1', '--concurrency', '1', '--turns', '1', '--turn-seconds', '1', '--images', photos]
  const { exitCode, stdout, stderr } = await bench(...short, '--model', `${folder}/graph.onnx`, '--json')
  t.same([exitCode, stderr], [0, ''])
  t.match(JSON.parse(stdout), { model: 'graph', precision: 'fp32', levels: [{ failed: 0 }] })
  t.match(await bench(...short, '--model', `${folder}/kinds.json`), { exitCode: 2, stderr: /expected a detector; kinds is a classifier/ })
})
