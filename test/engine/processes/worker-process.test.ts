import t from 'tap'
import { WorkerHandle } from '../../../engine/processes/worker-process.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'

const job = { type: 'detect', model: 'none', bytes: new Uint8Array(1), maxPixels: 1, options: DEFAULT_OPTIONS } as const

t.test('every job is answered: by its own failure, or by the worker\'s end', async t => {
  let ended: WorkerHandle | undefined
  const handle = new WorkerHandle(1, worker => { ended = worker })
  await t.rejects(handle.send(job), { name: 'WorkerError' })
  const [first, second] = [handle.send(job), handle.send(job)]
  const rejected = Promise.all([t.rejects(first, { name: 'WorkerError' }), t.rejects(second, { name: 'WorkerError' })])
  await handle.terminate()
  await rejected
  t.equal(ended, handle)
})
