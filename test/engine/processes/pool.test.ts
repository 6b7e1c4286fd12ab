import sharp from 'sharp'
import t, { type Test } from 'tap'
import { WorkerPool, type PoolOptions } from '../../../engine/processes/pool.ts'
import type { WorkerEnd } from '../../../engine/processes/supervisor.ts'
import { Version } from '../../../engine/models/version.ts'
import { person, readVersion, until } from '../../support/versions.ts'
import { photo } from '../../support/files.ts'

async function start (t: Test, options: Partial<PoolOptions> = {}) {
  const ends: WorkerEnd[] = []
  const pool = new WorkerPool({ workers: 1, threads: 1, ...options, onEnd: end => { ends.push(end) } })
  t.teardown(() => pool.close())
  const version = await readVersion(t)
  if (!options.lazy) await pool.load(version, 'detect')
  const job = (input = person()) => ({ task: 'detect', version, input, bytes: input.bytes.length }) as const
  return { pool, version, job, ends }
}

const labels = ({ output: { objects } }: { output: { objects: ReadonlyArray<{ label: string }> } }): string[] =>
  objects.map(({ label }) => label).sort()
const again = (version: Version, id: string): Version => new Version(id, version.info, new Map([['detect', version.part('detect')]]))

t.test('more jobs than workers wait their turn, and all workers find the same', async t => {
  const { pool, job } = await start(t, { workers: 2 })
  const jobs = Array.from({ length: 6 }, () => pool.run(job()))
  t.equal(pool.queued, 4)
  t.equal(pool.busy, 2)
  t.equal(pool.queuedBytes, 4 * job().bytes)
  const [first, ...others] = await Promise.all(jobs)
  t.same(labels(first!), ['person', 'tie'])
  for (const { output } of others) t.same(output.objects, first!.output.objects)
  t.equal(pool.queued, 0)
})

t.test('a job that fails harms no other', async t => {
  const { pool, job } = await start(t)
  const broken = t.rejects(pool.run(job(person(photo('sample-me.jpg').subarray(0, 9000)))), { name: 'ImageError', code: 'CORRUPT_IMAGE' })
  t.same(labels(await pool.run(job())), ['person', 'tie'])
  await broken
})

t.test('a worker that dies fails its job alone, and is replaced with its models', async t => {
  const { pool, job, ends } = await start(t)
  const dying = t.rejects(pool.run(job()), { name: 'WorkerError', ended: true, message: /SIGSEGV/ })
  const next = pool.run(job())
  const { pid } = pool.workers[0]!
  process.kill(pid!, 'SIGSEGV')
  await dying
  t.same(labels(await next), ['person', 'tie'])
  t.match(ends, [{ pid, reason: /SIGSEGV/ }])
})

t.test('a worker that hangs is killed after JOB_TIMEOUT', async t => {
  const { pool, job } = await start(t, { jobTimeout: 300 })
  process.kill(pool.workers[0]!.pid!, 'SIGSTOP')
  const before = performance.now()
  await t.rejects(pool.run(job()), { ended: true, message: /no answer within 300 ms/ })
  t.ok(performance.now() - before < 5000)
  t.same(labels(await pool.run(job())), ['person', 'tie'])
})

t.test('a worker that grew too large is replaced after its job, and none is lost', async t => {
  const first = await start(t)
  const limit = first.pool.workers[0]!.rss + 20e6
  const { pool, job, ends } = await start(t, { maxWorkerMemory: limit })
  const { pid } = pool.workers[0]!
  const large = await sharp({ create: { width: 6000, height: 6000, channels: 3, background: 'gray' } }).jpeg().toBuffer()
  const jobs = [pool.run(job(person(large))), ...Array.from({ length: 8 }, () => pool.run(job()))]
  const [, ...others] = await Promise.all(jobs)
  for (const ran of others) t.same(labels(ran), ['person', 'tie'])
  await until(() => pool.workers.length === 1 && pool.workers[0]!.pid !== pid)
  t.match(ends, [{ pid, reason: /it grew to \d+ MiB/ }])
})

t.test('a memory limit below what the models take does nothing', async t => {
  const { pool, job, ends } = await start(t, { maxWorkerMemory: 1 })
  const { pid } = pool.workers[0]!
  await pool.run(job())
  t.equal(pool.workers[0]!.pid, pid)
  t.same(ends, [])
})

t.test('with one worker, a model is loaded by another that takes its place', async t => {
  const { pool, version, job } = await start(t)
  const { pid } = pool.workers[0]!
  const second = again(version, 'm#2')
  const loading = pool.load(second, 'detect')
  let requests = 0
  const isLoaded = loading.then(() => true)
  while (!await Promise.race([isLoaded, pool.run(job()).then(() => false)])) requests++
  t.ok(requests > 3, `${requests} jobs were done meanwhile`)
  t.equal(pool.workers.length, 1)
  t.not(pool.workers[0]!.pid, pid)
  t.ok(pool.workers[0]!.has(version, 'detect') && pool.workers[0]!.has(second, 'detect'))
})

t.test('with two, one after the other loads it, and the other goes on', async t => {
  const { pool, version, job } = await start(t, { workers: 2 })
  const pids = pool.workers.map(({ pid }) => pid)
  const second = again(version, 'm#2')
  const loading = pool.load(second, 'detect')
  let atOnce = 0
  const poll = setInterval(() => { atOnce = Math.max(atOnce, pool.workers.filter(worker => worker.loading).length) }, 1)
  await Promise.all(Array.from({ length: 12 }, () => pool.run(job())))
  await loading
  clearInterval(poll)
  t.equal(atOnce, 1)
  t.same(pool.workers.map(({ pid }) => pid), pids)
  t.ok(pool.workers.every(worker => worker.has(second, 'detect')))
  await pool.unload(second)
  t.notOk(pool.workers.some(worker => worker.has(second, 'detect')))
})

t.test('a worker that ends while a good model loads does not spoil the load', async t => {
  const { pool, version } = await start(t, { workers: 2 })
  const second = again(version, 'm#2')
  const loading = pool.load(second, 'detect')
  await until(() => pool.workers.some(worker => worker.loading === second))
  process.kill(pool.workers.find(worker => worker.loading === second)!.pid!, 'SIGKILL')
  await loading
  t.ok(pool.workers.length === 2 && pool.workers.every(worker => worker.has(second, 'detect')))
})

t.test('what can\'t be built is an error, and leaves nothing', async t => {
  const { pool, version, job } = await start(t, { workers: 2 })
  const broken = new Version('broken#1', version.info, new Map([['detect', [Buffer.from('no model')]]]))
  await t.rejects(pool.load(broken, 'detect'), { name: 'WorkerError', ended: false })
  t.same(labels(await pool.run(job())), ['person', 'tie'])
})

t.test('a lazy pool starts when it is needed, and builds what a job needs', async t => {
  const { pool, job } = await start(t, { lazy: true })
  t.equal(pool.workers.length, 0)
  t.same(labels(await pool.run(job())), ['person', 'tie'])
  t.equal(pool.workers.length, 1)
})

t.test('what can\'t be answered in time is refused at once; an idle worker takes anything', async t => {
  const { pool, job } = await start(t, { queue: { maxJobs: 3, maxBytes: Infinity } })
  await pool.run(job())
  pool.admit(1e9, 1)
  const deadline = performance.now() + 60_000
  const jobs = [1, 2, 3, 4].map(() => pool.run(job(), { deadline }))
  t.throws(() => pool.admit(1, Infinity), { name: 'OverloadError', reason: 'queue_full' })
  await t.rejects(pool.run(job(), { deadline }), { name: 'OverloadError', reason: 'queue_full' })
  await jobs.shift()
  await t.rejects(pool.run(job(), { deadline: performance.now() + 10 }), { name: 'OverloadError', reason: 'too_slow', retryAfter: 1 })
  await Promise.all(jobs)
})

t.test('what would wait too long is refused at once', async t => {
  const { pool, job } = await start(t, { queue: { maxJobs: 100, maxBytes: Infinity, maxWait: 1 } })
  await pool.run(job()) // a job takes more than a millisecond
  const jobs = [pool.run(job()), pool.run(job())]
  t.equal(pool.queued, 1)
  t.throws(() => pool.admit(1, Infinity), { name: 'OverloadError', reason: 'queue_wait' })
  await t.rejects(pool.run(job()), { name: 'OverloadError', reason: 'queue_wait', retryAfter: 1 })
  await Promise.all(jobs)
})

t.test('clients that leave free their place; jobs of high priority go first', async t => {
  const { pool, job } = await start(t)
  const order: string[] = []
  const left = new AbortController()
  const run = (name: string, options: object) => pool.run(job(), options).then(() => order.push(name), error => order.push(error.name))
  const jobs = [run('first', {}), run('gone', { signal: left.signal }), run('low', { priority: 'low' }), run('normal', {}), run('high', { priority: 'high' })]
  left.abort()
  await Promise.all(jobs)
  t.same(order, ['AbortedError', 'first', 'high', 'normal', 'low'])
})

t.test('a worker that ends while its successor starts has one successor', async t => {
  const { pool, version } = await start(t)
  const [old] = pool.workers
  const loading = pool.load(again(version, 'm#2'), 'detect')
  await new Promise(resolve => setTimeout(resolve, 100))
  process.kill(old!.pid!, 'SIGKILL')
  await loading
  await new Promise(resolve => setTimeout(resolve, 1500))
  t.equal(pool.workers.length, 1)
})

t.test('a lazy pool takes a first job even if none may wait', async t => {
  const { pool, job } = await start(t, { lazy: true, queue: { maxJobs: 0, maxBytes: 0 } })
  pool.admit(job().bytes, 1)
  t.same(labels(await pool.run(job())), ['person', 'tie'])
})

t.test('a worker that is stopped does not hold up unloading', async t => {
  const { pool, version } = await start(t)
  process.kill(pool.workers[0]!.pid!, 'SIGSTOP')
  const before = performance.now()
  await pool.unload(version)
  t.ok(performance.now() - before < 5000)
  process.kill(pool.workers[0]!.pid!, 'SIGCONT')
})

t.test('large images arrive whole', async t => {
  const { pool, job } = await start(t)
  const large = await sharp(photo('sample-me.jpg')).resize(2500).png({ compressionLevel: 0 }).toBuffer()
  t.ok(large.length > 10e6)
  t.same(labels(await pool.run(job(person(large)))), ['person', 'tie'])
})

t.test('closing drops what waits', async t => {
  const { pool, job } = await start(t)
  const running = pool.run(job()).catch(() => {})
  const waiting = t.rejects(pool.run(job()), { name: 'ClosedError' })
  await pool.close()
  await Promise.all([running, waiting])
  await t.rejects(pool.run(job()), { name: 'ClosedError' })
})
