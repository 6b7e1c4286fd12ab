import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { openRun, runOf } from '../../../bulk/run/run-file.ts'
import type { RunSpec } from '../../../bulk/run-spec.ts'

const SPEC: RunSpec = {
  model: 'small', weights: 'aa', precision: 'fp32', scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100, draw: false, crop: false, features: []
}
const run = runOf(SPEC, ['cat', 'dog'])

t.test('a run makes its folder, and finds it again', async t => {
  const folder = `${t.testdir()}/new/out`
  await openRun(folder, run, false)
  t.same(JSON.parse(await readFile(`${folder}/run.json`, 'utf8')), JSON.parse(JSON.stringify(run)))
  await openRun(folder, run, false)
  t.same(await readdir(folder), ['run.json'])
})

t.test('the results of another run are refused, or replaced on request', async t => {
  const folder = t.testdir({ 'run.json': JSON.stringify(run), 'results.jsonl': '{}\n', 'failed.jsonl': '', 'results.csv': '', 'mine.txt': '' })
  const refused = async (change: Partial<RunSpec>, text: string) =>
    await t.rejects(openRun(folder, runOf({ ...SPEC, ...change }, []), false), { name: 'OtherRunError', message: `${folder} has the results of ${text}; choose another --out, or replace them with --overwrite` })
  await refused({ model: 'large' }, 'the model small')
  await refused({ weights: 'bb' }, 'other weights of small')
  await refused({ scoreThreshold: 0.5 }, 'other options (--score-threshold)')
  await refused({ draw: true, classes: [1] }, 'other options (--draw, --classes)')
  await openRun(folder, runOf({ ...SPEC, draw: true }, []), true)
  t.same((await readdir(folder)).sort(), ['mine.txt', 'run.json'])
})

t.test('results of an unknown run are refused, too', async t => {
  const folder = t.testdir({ 'results.jsonl': '{}\n' })
  await t.rejects(openRun(folder, run, false), { name: 'OtherRunError', message: /has results, but no run\.json; choose/ })
})

t.test('a run without results keeps no other from its folder, but one with a plan does', async t => {
  const other = JSON.stringify(runOf({ ...SPEC, draw: true }, []))
  const folder = t.testdir({ empty: { 'run.json': other, 'results.jsonl': '' }, planned: { 'run.json': other, 'manifest.jsonl': '{}\n' } })
  await openRun(`${folder}/empty`, run, false)
  t.match(JSON.parse(await readFile(`${folder}/empty/run.json`, 'utf8')), { key: run.key })
  await t.rejects(openRun(`${folder}/planned`, run, false), { name: 'OtherRunError' })
})

t.test('files that are no runs, and folders that can\'t be written', async t => {
  const folder = t.testdir({ 'run.json': '{"key":', 'results.jsonl': '{}\n', file: '' })
  await t.rejects(openRun(folder, run, false), { name: 'OtherRunError', message: /^.* has a run\.json that is damaged or not of nanodet; choose/ })
  await t.rejects(openRun(`${folder}/file`, run, false), { name: 'SourceError', message: `${folder}/file/run.json: is a file, not a directory` })
})
