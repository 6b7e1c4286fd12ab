import t from 'tap'
import { WorkerProcess } from '../../../engine/processes/worker-process.ts'
import { person, readVersion } from '../../support/versions.ts'

t.test('tasks share a worker: each is built from its own part', async t => {
  const version = await readVersion(t)
  const worker = new WorkerProcess({ threads: 1 }, () => {})
  t.teardown(() => worker.close())
  await worker.load(version, 'detect')
  await worker.load(version, 'features')
  const deadline = Date.now() + 60_000
  const layers = version.info.layers.filter(({ alias }) => alias === 'stage4').map(layer => ({ ...layer, label: 'stage4' }))
  const rendering = { format: 'npy', values: false, channels: 1, reduce: 'l2' } as const
  const found = await worker.run({ task: 'detect', version, input: person(), deadline })
  const inspected = await worker.run({ task: 'features', version, input: { ...person(), layers, rendering }, deadline })
  t.same(inspected.objects, found.objects, 'the same to the bit')
  t.match(Buffer.concat(inspected.body).toString('latin1', 1, 6), 'NUMPY')
})

t.test('tasks that build the same share it, and it is freed once', async t => {
  const version = await readVersion(t)
  const worker = new WorkerProcess({ threads: 1 }, () => {})
  t.teardown(() => worker.close())
  await worker.load(version, 'features')
  await worker.load(version, 'infer')
  const run = () => worker.run({ task: 'infer', version, input: { ...person(), layers: [], predictions: true }, deadline: Date.now() + 60_000 })
  const { objects, tensors } = await run()
  t.same(objects.map(({ label }) => label), ['person', 'tie'])
  t.match(tensors, [{ name: 'output', bytes: 4 * 3549 * 112 }])
  await worker.unload(version)
  await t.rejects(run(), { name: 'WorkerError', message: /is not loaded for infer/, ended: false })
})

t.test('jobs of a batch are done together: one that is late, or damaged, harms no other', async t => {
  const version = await readVersion(t)
  const worker = new WorkerProcess({ threads: 1, maxBatch: 4 }, () => {})
  t.teardown(() => worker.close())
  await worker.load(version, 'detect')
  t.match(version.running, { provider: 'cpu', precision: 'fp32', isBatched: false, skipped: [] }, 'prepared for one photo at a time')
  const soon = Date.now() + 60_000
  const run = (place: number, input = person(), deadline = soon) =>
    worker.run({ task: 'detect', version, input, deadline, place: { size: 4, place } })
  const jobs = [run(0), run(1, person(person().bytes.subarray(0, 9000))), run(2, person(), Date.now() - 1), run(3)]
  const [good, damaged, late, other] = await Promise.allSettled(jobs)
  t.match(damaged, { reason: { name: 'ImageError', code: 'CORRUPT_IMAGE' } })
  t.match(late, { reason: { name: 'OverloadError', reason: 'deadline' } })
  for (const one of [good, other]) t.match(one, { value: { objects: [{ label: 'person' }, { label: 'tie' }] } })
})
