import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import type { Job, Reply } from '../../../engine/processes/protocol.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { photo } from '../../support/files.ts'
import { SOURCE } from '../../support/server.ts'

/** What a diff can show. */
const withoutWeights = (reply: Reply) => 'result' in reply && reply.result && 'kind' in reply.result ? { ...reply, result: { kind: reply.result.kind } } : reply

t.test('jobs are answered in order, each under its number', async t => {
  const worker = new Worker(new URL('../../../engine/processes/worker.js', import.meta.url), { workerData: { threads: 1 } })
  t.teardown(() => worker.terminate())
  const replies: Reply[] = []
  worker.on('message', reply => replies.push(reply))
  const detect = { type: 'detect', model: 'm', maxPixels: 50e6, options: DEFAULT_OPTIONS } as const
  const jobs: Job[] = [
    { type: 'read', source: SOURCE },
    { type: 'load', id: 'm', model: await readModel(SOURCE), warm: false },
    { ...detect, bytes: photo('sample-me.jpg') },
    { ...detect, bytes: photo('sample-me.jpg').subarray(0, 9000) },
    { ...detect, bytes: photo('sample-me.jpg'), model: 'none' },
    { type: 'unload', id: 'm' },
    { ...detect, bytes: photo('sample-me.jpg') },
    { type: 'read', source: { ...SOURCE, checkpoint: '/nowhere' } }
  ]
  jobs.forEach((job, i) => worker.postMessage({ id: i + 10, job }))
  while (replies.length < jobs.length) await once(worker, 'message')
  t.match(replies.map(withoutWeights), [
    { id: 10, result: { kind: 'detector' } },
    { id: 11, result: null },
    { id: 12, result: { image: { width: 700 }, detections: [{ classId: 0 }, { classId: 27 }] } },
    { id: 13, failure: { kind: 'image', problem: { code: 'CORRUPT_IMAGE' }, cause: String } },
    { id: 14, failure: { kind: 'worker', message: 'the model none is not loaded' } },
    { id: 15, result: null },
    { id: 16, failure: { kind: 'worker', message: 'the model m is not loaded' } },
    { id: 17, failure: { kind: 'worker', message: 'nowhere: no such file or directory' } }
  ])
})
