import { readFile, readdir } from 'node:fs/promises'
import t from 'tap'
import { main } from '../../bench/bench.ts'
import type { Report } from '../../bench/report.ts'
import { photo } from '../support/files.ts'
import { runMain } from '../support/io.ts'

const bench = (...argv: string[]) => runMain(main, argv)

t.test('a short run', async t => {
  const folder = t.testdir({ photos: { 'a.jpg': photo('sample-me.jpg') } })
  const argv = ['--seconds', '1', '--rounds', '1', '--concurrency', '1,8', '--images', `${folder}/photos`, '--out', `${folder}/out`]
  const { exitCode, stdout, stderr } = await bench(...argv, '--json')
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  const report: Report = JSON.parse(stdout)
  t.match(report, { model: 'nanodet-m-416', threads: 1, photos: { count: 1 } })
  t.same(report.levels.map(({ concurrency, failed }) => [concurrency, failed]), [[1, 0], [8, 0]])
  t.ok(report.ratios.http_to_bare! > 0 && report.ratios.throughput_to_cores! > 0)
  t.same((await readdir(`${folder}/out`)).sort(), ['bench.json', 'bench.md', 'bench.svg'])
  t.same(JSON.parse(await readFile(`${folder}/out/bench.json`, 'utf8')), report)
  t.match(await readFile(`${folder}/out/bench.md`, 'utf8'), /\| clients \| requests \| failed \|/)
})

t.test('--compare times two of a kind', async t => {
  const folder = t.testdir({ photos: { 'a.jpg': photo('sample-me.jpg') } })
  const argv = ['--compare', 'nanodet-m-416', 'nanodet-m-416', '--rounds', '2', '--images', `${folder}/photos`, '--out', `${folder}/out`]
  const { exitCode, stdout, stderr } = await bench(...argv)
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  t.match(stdout, /1 photo, each run 2 times by either side/)
  t.match(stdout, /\| A: nanodet-m-416 \| .* \| +1\.000 \| 1\.000 … 1\.000 \|/)
  t.same((await readdir(`${folder}/out`)).sort(), ['compare.json', 'compare.md'])
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp][] = [
    [['--seconds', '0'], /^--seconds: expected a whole number from 1 to 3600, found 0/],
    [['--concurrency', '1,,2'], /^--concurrency: .* found nothing/],
    [['--model', 'yolo'], /^--model: there is no model yolo/],
    [['--compare', 'dist'], /^expected two to compare: --compare A B, found dist/],
    [['dist'], /^expected options only, found dist/],
    [['--speed', '5'], /^Unknown option '--speed'/]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await bench(...argv)
    t.strictSame([exitCode, stdout], [2, ''])
    t.match(stderr, message)
  }
})

t.test('photos that are not there are a line on stderr', async t => {
  const folder = t.testdir({ 'a.jpg': 'no photo' })
  t.match(await bench('--images', `${folder}/none`), { exitCode: 1, stderr: `${folder}/none: no such file or directory\n` })
  t.match(await bench('--images', folder), { exitCode: 1, stderr: /a\.jpg: Cannot decode/ })
})

t.test('--help lists the options', async t => {
  const { exitCode, stdout } = await bench('--help')
  t.equal(exitCode, 0)
  for (const option of ['--images', '--rounds', '--concurrency', '--compare A B', '--out', '--json']) t.match(stdout, option)
})
