import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { FolderStore } from '../../../bulk/outputs/folder-store.ts'
import { checkWritable, claimOutput, clearOutput, measure, readOutput } from '../../../bulk/queue/output.ts'
import { runOf } from '../../../bulk/run/run-file.ts'
import type { RunSpec } from '../../../bulk/run-spec.ts'
import { planned } from '../../support/shards.ts'

const spec: RunSpec = {
  model: 'm', weights: 'w', precision: 'fp32', scoreThreshold: 0.4, iouThreshold: 0.6, maxDetections: 100, draw: false, crop: false, features: []
}
const run = runOf(spec, ['person'])

t.test('an output has the results of one run', async t => {
  const store = new FolderStore(join(t.testdir(), 'out'))
  await t.rejects(readOutput(store, run.key), { name: 'SourceError', message: /has no run\.json: is it the same folder on all machines\?/ })
  await claimOutput(store, run)
  await claimOutput(store, run)
  t.strictSame(await readOutput(store, run.key), run)
  await t.rejects(readOutput(store, 'other'), { message: /has another run than the queue/ })
  const other = runOf({ ...spec, scoreThreshold: 0.5 }, ['person'])
  await t.rejects(claimOutput(store, other), { name: 'OtherRunError', message: /another model or of other options; choose another --out/ })
  await store.write('results.jsonl', '')
  await t.rejects(claimOutput(store, run), { name: 'OtherRunError', message: /has the results of nanodet detect/ })
  writeFileSync(join(store.name, 'run.json'), '{')
  await t.rejects(claimOutput(store, run), { name: 'SourceError', message: /run\.json: damaged/ })
})

t.test('what a run has left can be cleared', async t => {
  const { store } = await planned(t.testdir(), 8)
  t.strictSame(await measure(store, 3), { images: 8, shards: 3 })
  await claimOutput(store, run)
  for (const path of ['results.jsonl', 'failed.jsonl', 'shards/000000.jsonl']) await store.write(path, '')
  await clearOutput(store)
  t.strictSame(readdirSync(store.name, { recursive: true }), ['shards'])
})

t.test('a machine that can\'t write is found before it takes a shard', async t => {
  const folder = t.testdir()
  await checkWritable(new FolderStore(folder), 'host:1/2')
  t.strictSame(readdirSync(join(folder, 'shards')), [])
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'good'))
  await t.rejects(checkWritable(new FolderStore(join(folder, 'file')), 'host:1'), { name: 'SourceError' })
  t.notOk(existsSync(join(folder, 'file/shards')))
})
