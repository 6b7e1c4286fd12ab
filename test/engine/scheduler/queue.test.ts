import t from 'tap'
import { JobQueue, type QueueLimits } from '../../../engine/scheduler/queue.ts'
import type { WorkerHandle } from '../../../engine/processes/worker-process.ts'

const LIMITS: QueueLimits = { maxJobs: 3, maxBytes: 100, maxWait: 1000 }
const worker = { name: 'a worker' } as unknown as WorkerHandle

t.test('first come, first served', async t => {
  const queue = new JobQueue(LIMITS, 1)
  const order: string[] = []
  const jobs = ['a', 'b'].map(async name => { t.equal(await queue.wait(10), worker); order.push(name) })
  t.equal(queue.length, 2)
  t.equal(queue.bytes, 20)
  queue.next()!.start(worker)
  queue.next()!.start(worker)
  await Promise.all(jobs)
  t.same(order, ['a', 'b'])
  t.equal(queue.next(), undefined)
  t.equal(queue.bytes, 0)
})

t.test('no more jobs than are allowed, and no more bytes', async t => {
  const queue = new JobQueue(LIMITS, 1)
  const waiting = [queue.wait(40), queue.wait(40)]
  t.throws(() => queue.wait(21), { name: 'OverloadError', reason: 'queue_bytes', retryAfter: 1 })
  waiting.push(queue.wait(20))
  t.throws(() => queue.wait(0), { name: 'OverloadError', reason: 'queue_full' })
  for (let i = 0; i < 3; i++) queue.next()!.start(worker)
  await Promise.all(waiting)
})

t.test('what can\'t be answered in time is refused at once, with the time after which it could', async t => {
  const queue = new JobQueue({ ...LIMITS, maxJobs: 100, maxBytes: Infinity }, 2)
  queue.took(400)
  t.equal(queue.expectedMs, 800, 'one job that runs, and its own')
  const waiting = [queue.wait(1), queue.wait(1)]
  t.equal(queue.expectedMs, 1200)
  t.throws(() => queue.wait(1), { name: 'OverloadError', reason: 'too_slow', retryAfter: 2 })
  queue.took(200)
  t.equal(queue.expectedMs, 1140, 'the mean follows slowly')
  for (let i = 0; i < 2; i++) queue.next()!.start(worker)
  await Promise.all(waiting)
})

t.test('what waits too long is refused', async t => {
  const queue = new JobQueue({ ...LIMITS, maxWait: 20 }, 1)
  await t.rejects(queue.wait(5), { name: 'OverloadError', reason: 'deadline' })
  t.equal(queue.length, 0)
  t.equal(queue.bytes, 0)
})

t.test('a client that leaves is dropped', async t => {
  const queue = new JobQueue(LIMITS, 1)
  const controller = new AbortController()
  const waiting = queue.wait(5, controller.signal)
  controller.abort()
  await t.rejects(waiting, { name: 'AbortedError' })
  await t.rejects(queue.wait(5, controller.signal), { name: 'AbortedError' }, 'one that has left before, too')
  t.equal(queue.length, 0)
})
