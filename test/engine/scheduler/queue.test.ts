import { getEventListeners } from 'node:events'
import t from 'tap'
import { JobQueue, PRIORITIES, type WaitingJob } from '../../../engine/scheduler/queue.ts'

const worker = { pid: 7 } // the queue only hands it on

const queueOf = ({ maxJobs = 100, maxBytes = 1000 } = {}): JobQueue<typeof worker> => new JobQueue({ maxJobs, maxBytes }, () => 3)

const job = (rest: Partial<WaitingJob> = {}): WaitingJob => ({ bytes: 10, ms: 5, deadline: Infinity, priority: 'normal', signal: undefined, ...rest })

const isEmpty = ({ length, bytes, ms }: JobQueue<typeof worker>): boolean => length === 0 && bytes === 0 && ms === 0

t.test('first come, first served', async t => {
  const queue = queueOf()
  const order: string[] = []
  const jobs = ['a', 'b', 'c'].map(async name => { t.equal((await queue.wait(job())).worker, worker); order.push(name) })
  t.match(queue, { length: 3, bytes: 30, ms: 15 })
  t.equal(queue.serve(worker), true)
  t.match(queue, { length: 2, bytes: 20, ms: 10 })
  queue.serve(worker)
  queue.serve(worker)
  await Promise.all(jobs)
  t.same(order, ['a', 'b', 'c'])
  t.ok(isEmpty(queue))
  t.equal(queue.serve(worker), false, 'nobody waits')
})

t.test('high priority before normal, normal before low', async t => {
  const queue = queueOf()
  const order: string[] = []
  const jobs = [...PRIORITIES, ...PRIORITIES].toReversed().map(async (priority, i) => {
    await queue.wait(job({ priority }))
    order.push(`${priority} ${i}`)
  })
  t.match(queue, { length: 6, bytes: 60, ms: 30 })
  while (queue.serve(worker));
  await Promise.all(jobs)
  t.same(order, ['high 2', 'high 5', 'normal 1', 'normal 4', 'low 0', 'low 3'])
  t.ok(isEmpty(queue))
})

t.test('it says why a job would find no place', async t => {
  const queue = queueOf({ maxJobs: 3, maxBytes: 100 })
  t.equal(queue.refusal(100), undefined)
  t.equal(queue.refusal(101), 'queue_bytes')
  const waiting = [queue.wait(job({ bytes: 40 })), queue.wait(job({ bytes: 40, priority: 'high' }))]
  t.equal(queue.refusal(20), undefined)
  t.equal(queue.refusal(21), 'queue_bytes')
  waiting.push(queue.wait(job({ bytes: 0, priority: 'low' })))
  t.equal(queue.refusal(0), 'queue_full', 'jobs of all priorities count')
  queue.serve(worker)
  t.equal(queue.refusal(60), undefined, 'there is room again')
  while (queue.serve(worker));
  await Promise.all(waiting)
})

t.test('a job that would wait too long finds no place', async t => {
  const queue = new JobQueue<typeof worker>({ maxJobs: 2, maxBytes: 100, maxWait: 500 }, () => 3)
  t.equal(queue.refusal(0, 501), undefined, 'one may always wait')
  const waiting = queue.wait(job())
  t.equal(queue.refusal(0, 500), undefined)
  t.equal(queue.refusal(0, 501), 'queue_wait')
  queue.serve(worker)
  await waiting
  t.equal(queueOf().refusal(0, 1e9), undefined, 'without a limit')
})

t.test('when its deadline passes, a job leaves with the time after which to try again', async t => {
  const queue = queueOf()
  const start = performance.now()
  const waiting = [queue.wait(job({ deadline: start + 30 })), queue.wait(job({ deadline: start + 10_000, ms: 7 }))]
  await t.rejects(waiting[0]!, { name: 'OverloadError', reason: 'deadline', retryAfter: 3 })
  t.ok(performance.now() - start >= 28, `after ${performance.now() - start} ms`)
  t.match(queue, { length: 1, bytes: 10, ms: 7 }, 'the other goes on waiting')
  queue.serve(worker)
  t.equal((await waiting[1]!).worker, worker)
  await t.rejects(queue.wait(job({ deadline: start })), { name: 'OverloadError' }, 'one that has passed before')
  t.ok(isEmpty(queue))
})

t.test('a deadline beyond what a timer takes is not one of now', async t => {
  const queue = queueOf()
  const waiting = queue.wait(job({ deadline: performance.now() + 2 ** 40 }))
  await new Promise(resolve => setTimeout(resolve, 20))
  t.equal(queue.length, 1)
  queue.serve(worker)
  t.equal((await waiting).worker, worker)
})

t.test('a client that leaves is dropped', async t => {
  const queue = queueOf()
  const leaving = new AbortController()
  const waiting = [queue.wait(job({ signal: leaving.signal })), queue.wait(job())]
  leaving.abort()
  await t.rejects(waiting[0]!, { name: 'AbortedError' })
  t.match(queue, { length: 1, bytes: 10, ms: 5 })
  await t.rejects(queue.wait(job({ signal: leaving.signal })), { name: 'AbortedError' }, 'one that has left before, too')
  t.equal(queue.length, 1)
  queue.serve(worker)
  t.equal((await waiting[1]!).worker, worker)
  t.ok(isEmpty(queue))
})

t.test('one that got its worker, or gave up, leaves neither a timer nor a listener', async t => {
  const queue = queueOf()
  const { signal } = new AbortController()
  const served = queue.wait(job({ signal, deadline: performance.now() + 60_000 }))
  queue.serve(worker)
  await served
  await t.rejects(queue.wait(job({ signal, deadline: 0 })), { name: 'OverloadError' })
  t.equal(getEventListeners(signal, 'abort').length, 0)
  t.notOk(process.getActiveResourcesInfo().includes('Timeout'))
})

t.test('when it closes, nobody waits any longer', async t => {
  const queue = queueOf()
  const waiting = PRIORITIES.flatMap(priority => [queue.wait(job({ priority })), queue.wait(job({ priority }))])
  queue.close()
  for (const one of waiting) await t.rejects(one, { name: 'ClosedError' })
  t.ok(isEmpty(queue))
  t.equal(queue.serve(worker), false)
})

t.test('no rounding error outlives the queue', async t => {
  const queue = queueOf()
  const waiting = [0.1, 0.2, 0.3].map(ms => queue.wait(job({ ms })))
  t.ok(Math.abs(queue.ms - 0.6) < 1e-9)
  while (queue.serve(worker));
  await Promise.all(waiting)
  t.equal(queue.ms, 0)
})

t.test('jobs of one kind that wait are done together, up to their number, in order', async t => {
  const queue = queueOf()
  const order: string[] = []
  const wait = async (name: string, together: WaitingJob['together'], rest: Partial<WaitingJob> = {}) => {
    const turn = await queue.wait(job({ together, ...rest }))
    order.push(`${name} ${turn.enter().place}/${turn.size}`)
  }
  const [a, b] = [{ kind: 'a', max: 3 }, { kind: 'b', max: 3 }]
  const leaving = new AbortController()
  const left = t.rejects(wait('gone', a, { signal: leaving.signal }), { name: 'AbortedError' })
  const jobs = [wait('a1', a), wait('b1', b), wait('a2', a, { priority: 'low' }), wait('a3', a), wait('a4', a), wait('alone', undefined), wait('b2', b)]
  leaving.abort()
  await left
  const served = []
  while (queue.serve(worker)) {
    await new Promise(resolve => setImmediate(resolve))
    served.push(order.splice(0))
  }
  await Promise.all(jobs)
  t.same(served, [['a1 0/3', 'a3 1/3', 'a4 2/3'], ['b1 0/2', 'b2 1/2'], ['alone 0/1'], ['a2 0/1']])
  t.ok(isEmpty(queue))
})
