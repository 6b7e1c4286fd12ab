import { once } from 'node:events'
import t, { type Test } from 'tap'
import { WorkerProcess } from '../../../engine/processes/worker-process.ts'
import { EventEmitter } from 'node:events'
import { Version } from '../../../engine/models/version.ts'
import { person, readVersion } from '../../support/versions.ts'

async function start (t: Test) {
  const events = new EventEmitter()
  const worker = new WorkerProcess({ threads: 1 }, (_worker, reason) => events.emit('end', reason))
  t.teardown(() => worker.close())
  await worker.ready
  return { worker, events }
}

const soon = (): number => Date.now() + 60_000

t.test('builds a model for a task, runs it, and frees it', async t => {
  const version = await readVersion(t)
  const { worker } = await start(t)
  const job = { task: 'detect', version, input: person(), deadline: soon() } as const
  t.notOk(worker.has(version, 'detect'))
  await worker.load(version, 'detect')
  t.ok(worker.has(version, 'detect'))
  t.notOk(worker.has(version, 'features'))
  t.notOk(worker.hasServed)
  const { objects, times } = await worker.run(job)
  t.same(objects.map(({ label }) => label).sort(), ['person', 'tie'])
  t.ok(times.inference > 0)
  t.ok(worker.hasServed)
  t.ok(worker.rss > 50e6)
  await t.rejects(worker.run({ ...job, deadline: Date.now() - 1 }), { name: 'OverloadError', reason: 'deadline' })
  await t.rejects(worker.run({ ...job, input: person(Buffer.from('\xff\xd8\xff', 'latin1')) }), { name: 'ImageError' })
  await worker.unload(version)
  t.notOk(worker.has(version, 'detect'))
  await t.rejects(worker.run(job), { name: 'WorkerError', ended: false, message: /not loaded/ })
})

t.test('what can\'t be built is an error, and the worker lives', async t => {
  const version = await readVersion(t)
  const broken = new Version('broken#1', version.info, new Map([['detect', [Buffer.from('no model')]]]))
  const { worker } = await start(t)
  await t.rejects(worker.load(broken, 'detect'), { name: 'WorkerError', ended: false })
  t.notOk(worker.has(broken, 'detect'))
  await worker.load(version, 'detect')
})

t.test('a worker that ends says while loading what', async t => {
  const version = await readVersion(t)
  const { worker, events } = await start(t)
  const loading = worker.load(version, 'detect')
  const ended = once(events, 'end')
  worker.kill('by the test')
  await t.rejects(loading, { ended: true, message: /by the test/ })
  await ended
  t.ok(worker.isGone)
  t.equal(worker.loading, version)
  await worker.unload(version)
})
