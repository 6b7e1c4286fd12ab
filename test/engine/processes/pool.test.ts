import t, { type Test } from 'tap'
import { SCORING_OPTIONS } from '../../../engine/options.ts'
import { WorkerPool } from '../../../engine/processes/pool.ts'
import type { DetectJob } from '../../../engine/processes/protocol.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { photo } from '../../support/files.ts'
import { SOURCE } from '../../support/server.ts'

const model = await readModel(SOURCE)
const load = { type: 'load', id: 'm', model, warm: true } as const
const job = (bytes: Uint8Array): DetectJob => ({ type: 'detect', model: 'm', bytes, maxPixels: 50e6, options: SCORING_OPTIONS })
const person = job(photo('sample-me.jpg'))

async function start (t: Test, workers: number) {
  const pool = new WorkerPool({ workers, threads: 1 })
  t.teardown(() => pool.close())
  await pool.load(load)
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
  await pool.load({ ...load, warm: false })
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
  await pool.load(load)
  await t.rejects(pool.run(person), { name: 'WorkerError', message: 'no answer within 1 ms' })
  t.same(crashes, ['no answer within 1 ms'])
  t.equal(pool.workers.length, 1)
})

t.test('a model that a worker can\'t load is loaded in none', async t => {
  const pool = await start(t, 1)
  const broken = { ...load, id: 'broken', model: { ...model, stateDict: { ...model.stateDict, parameters: new Map() } } }
  await t.rejects(pool.load(broken), { name: 'WorkerError', message: /is not in the checkpoint/ })
  await t.rejects(pool.run({ ...person, model: 'broken' }), { message: 'the model broken is not loaded' })
  await pool.workers[0]!.terminate('test')
  t.equal((await pool.run(person)).image.width, 700, 'the successor does not try it')
})

t.test('a model that is unloaded is gone, in workers to come, too', async t => {
  const pool = await start(t, 1)
  await pool.unload('m')
  await t.rejects(pool.run(person), { message: 'the model m is not loaded' })
  await pool.workers[0]!.terminate('test')
  await t.rejects(pool.run(person), { message: 'the model m is not loaded' }, 'its successor')
})

t.test('a worker reads a model\'s files', async t => {
  const pool = await start(t, 1)
  t.match(await pool.read(SOURCE), { kind: 'detector', config: { name: SOURCE.name } })
  await t.rejects(pool.read({ ...SOURCE, checkpoint: '/nowhere' }), { message: 'nowhere: no such file or directory' })
  await pool.close()
  await t.rejects(pool.read(SOURCE), { name: 'WorkerError', message: 'no worker runs' })
})

t.test('a worker that ends before it has done anything is not replaced again and again', async t => {
  const crashes: string[] = []
  const pool = new WorkerPool({ workers: 1, threads: 1, onCrash: message => crashes.push(message) })
  t.teardown(() => pool.close())
  await pool.workers[0]!.terminate('test')
  await new Promise(resolve => setTimeout(resolve, 300))
  t.same(crashes, ['test'], 'its successor waits')
  t.equal(pool.workers.length, 0)
})
