import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { DEFAULT_OPTIONS } from '../../detector/options.ts'
import type { Job, Reply } from '../../detector/protocol.ts'
import { loadStateDict } from '../../models/weights.ts'
import { photo } from '../support/files.ts'
import { MODEL } from '../support/server.ts'

t.test('jobs are answered in order, each under its number', async t => {
  const worker = new Worker(new URL('../../detector/worker.js', import.meta.url), { workerData: { threads: 1 } })
  t.teardown(() => worker.terminate())
  const replies: Reply[] = []
  worker.on('message', reply => replies.push(reply))
  const detect = { type: 'detect', model: MODEL.name, maxPixels: 50e6, options: DEFAULT_OPTIONS } as const
  const jobs: Job[] = [
    { type: 'load', config: MODEL, stateDict: await loadStateDict(MODEL), warm: false },
    { ...detect, bytes: photo('sample-me.jpg') },
    { ...detect, bytes: photo('sample-me.jpg').subarray(0, 9000) },
    { ...detect, bytes: photo('sample-me.jpg'), model: 'none' }
  ]
  jobs.forEach((job, i) => worker.postMessage({ id: i + 10, job }))
  while (replies.length < jobs.length) await once(worker, 'message')
  t.match(replies, [
    { id: 10, result: null },
    { id: 11, result: { image: { width: 700 }, detections: [{ classId: 0 }, { classId: 27 }] } },
    { id: 12, failure: { kind: 'image', problem: { code: 'CORRUPT_IMAGE' }, cause: String } },
    { id: 13, failure: { kind: 'worker', message: 'the model none is not loaded' } }
  ])
})
