import t, { type Test } from 'tap'
import { SCORING_OPTIONS } from '../../detector/options.ts'
import { WorkerPool } from '../../detector/pool.ts'
import type { DetectJob } from '../../detector/protocol.ts'
import { loadStateDict } from '../../models/weights.ts'
import { photo } from '../support/files.ts'
import { MODEL } from '../support/server.ts'

const stateDict = await loadStateDict(MODEL)
const job = (bytes: Uint8Array): DetectJob => ({ type: 'detect', model: MODEL.name, bytes, maxPixels: 50e6, options: SCORING_OPTIONS })
const person = job(photo('sample-me.jpg'))

async function start (t: Test, workers: number) {
  const pool = new WorkerPool({ workers, threads: 1 })
  t.teardown(() => pool.close())
  await pool.load({ type: 'load', config: MODEL, stateDict, warm: true })
  return pool
}

t.test('more jobs than workers wait their turn, and all workers find the same', async t => {
  const pool = await start(t, 2)
  const jobs = Array.from({ length: 6 }, () => pool.run(person))
  t.equal(pool.queued, 4)
  const [first, ...others] = (await Promise.all(jobs)).map(({ detections }) => detections)
  t.ok(first!.length > 2)
  for (const other of others) t.same(other, first)
  t.equal(pool.queued, 0)
})

t.test('a job that fails harms no other', async t => {
  const pool = await start(t, 1)
  const broken = pool.run(job(photo('sample-me.jpg').subarray(0, 9000)))
  const next = pool.run(person)
  await t.rejects(broken, { name: 'ImageError', code: 'CORRUPT_IMAGE' })
  t.equal((await next).image.width, 700)
  await t.rejects(pool.run({ ...person, model: 'unknown' }), { name: 'WorkerError' })
})

t.test('a worker that dies fails its job alone, and is replaced with its models', async t => {
  const pool = await start(t, 1)
  const dying = pool.run(person)
  const next = pool.run(person)
  await Promise.all([
    t.rejects(dying, { name: 'WorkerError', message: /ended/ }),
    pool.workers[0]!.terminate()
  ])
  t.equal((await next).image.width, 700)
  t.equal(pool.workers.length, 1)
})

t.test('a lazy pool starts its workers when they are needed', async t => {
  const pool = new WorkerPool({ workers: 2, threads: 1, lazy: true })
  t.teardown(() => pool.close())
  await pool.load({ type: 'load', config: MODEL, stateDict, warm: false })
  t.equal(pool.workers.length, 0)
  t.equal((await pool.run(person)).image.width, 700)
  t.equal(pool.workers.length, 1)
  await Promise.all([pool.run(person), pool.run(person), pool.run(person)])
  t.equal(pool.workers.length, 2)
})

t.test('a worker that hangs is replaced', async t => {
  const crashes: string[] = []
  const pool = new WorkerPool({ workers: 1, threads: 1, jobTimeout: 1, onCrash: message => crashes.push(message) })
  t.teardown(() => pool.close())
  await pool.load({ type: 'load', config: MODEL, stateDict, warm: true })
  await t.rejects(pool.run(person), { name: 'WorkerError', message: 'no answer within 1 ms' })
  t.same(crashes, ['no answer within 1 ms'])
  t.equal(pool.workers.length, 1)
})

t.test('a worker that cannot load its models is not replaced again and again', async t => {
  const crashes: string[] = []
  const pool = new WorkerPool({ workers: 1, threads: 1, onCrash: message => crashes.push(message) })
  t.teardown(() => pool.close())
  const broken = { type: 'load', config: MODEL, stateDict: { ...stateDict, parameters: new Map() }, warm: true } as const
  await t.rejects(pool.load(broken), { name: 'WorkerError', message: /is not in the checkpoint/ })
  await pool.workers[0]!.terminate('test')
  await new Promise(resolve => setTimeout(resolve, 300))
  t.same(crashes, ['test'], 'its successor waits')
})
