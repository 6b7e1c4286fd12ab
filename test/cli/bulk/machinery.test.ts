import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openStore } from '../../../bulk/outputs/open-store.ts'
import { MachineReport } from '../../../bulk/queue/machine-report.ts'
import { writeManifest } from '../../../bulk/queue/manifest.ts'
import { claimOutput, measure } from '../../../bulk/queue/output.ts'
import { cutShards } from '../../../bulk/queue/shard.ts'
import { runOf } from '../../../bulk/run/run-file.ts'
import { specOf } from '../../../bulk/run/spec-of.ts'
import { openSources } from '../../../bulk/sources/open-sources.ts'
import { openMachinery } from '../../../cli/bulk/machinery.ts'
import { findArtifact } from '../../../cli/target.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { allOf } from '../../support/all-of.ts'
import { STREET, STREET_LABELS } from '../../support/street.ts'

const artifact = await findArtifact({})
const options = { target: {}, workers: 1, id: 'host:1' }

t.test('runs shards and merges them', async t => {
  const folder = t.testdir({ photos: { 'broken.jpg': 'no photo' } })
  writeFileSync(join(folder, 'photos/street.jpg'), STREET)
  const run = runOf(await specOf(artifact, DEFAULT_OPTIONS, { draw: false, crop: false, features: [] }), artifact.config.labels)
  const out = join(folder, 'out')
  const store = await openStore(out)
  await claimOutput(store, run)
  await writeManifest(store, (await openSources([join(folder, 'photos')])).source.items())
  const queued = { id: 'abc', key: run.key, model: artifact.name, out, shardSize: 10, formats: ['csv'], ...await measure(store, 10) }
  const machinery = await openMachinery(queued, options)
  t.teardown(() => machinery.close())
  const report = new MachineReport(1)
  const [shard] = await allOf(cutShards(store.read('manifest.jsonl'), 10))
  const shardOptions = { watch: report, signal: new AbortController().signal, isWanted: async () => true }
  t.strictSame(await machinery.shard(shard!, shardOptions), { UNSUPPORTED_IMAGE: 1, done: 1 })
  t.strictSame(report.totals, { images: 2, failed: 1, shards: 0 })
  t.match(await machinery.merge(), { images: 2, missing: 0 })
  const [broken, street] = readFileSync(join(out, 'results.jsonl'), 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line))
  t.match(broken, { file: join(folder, 'photos/broken.jpg'), error: { code: 'UNSUPPORTED_IMAGE' } })
  t.strictSame(new Set(street.detections.map(({ label }: { label: string }) => label)), new Set(STREET_LABELS))
  t.match(readFileSync(join(out, 'results.csv'), 'utf8'), 'street.jpg,bus')
})

t.test('refuses a run that was planned with other weights or another model', async t => {
  const out = t.testdir()
  const store = await openStore(out)
  const spec = await specOf(artifact, DEFAULT_OPTIONS, { draw: false, crop: false, features: [] })
  const run = runOf({ ...spec, weights: '00' }, [])
  await claimOutput(store, run)
  const queued = { id: 'abc', key: run.key, model: artifact.name, out, shardSize: 10, formats: [], images: 0, shards: 0 }
  await t.rejects(openMachinery(queued, options), {
    name: 'CommandError', message: 'The run was planned with nanodet-m-416; this machine has other weights of nanodet-m-416, or another version of nanodet'
  })
  const other = runOf({ ...spec, model: 'mine' }, [])
  writeFileSync(join(out, 'run.json'), JSON.stringify(other))
  await t.rejects(openMachinery({ ...queued, key: other.key }, { ...options, target: { model: 'nanodet-m-416' } }), {
    message: 'The run was planned with mine; this machine has the model nanodet-m-416'
  })
  await t.rejects(openMachinery({ ...queued, key: 'k' }, options), { name: 'SourceError', message: /has another run than the queue/ })
})
