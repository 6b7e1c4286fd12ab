import t from 'tap'
import { measureStages } from '../../bench/stages.ts'
import { readStateDict } from '../../cli/store.ts'
import { photo } from '../support/files.ts'
import { MODEL } from '../support/server.ts'

const model = { kind: 'detector', config: MODEL, stateDict: await readStateDict(MODEL, undefined) } as const

t.test('every stage takes time, and both together what they take', async t => {
  const { preprocess, run, postprocess, bare } = await measureStages(model, [{ path: 'a.jpg', bytes: photo('sample-me.jpg') }], { threads: 1, rounds: 3 })
  for (const cost of [preprocess, run, postprocess, bare]) t.ok(cost.ms > 0 && cost.cpu_ms > 0)
  t.ok(bare.ms > run.ms && bare.ms > preprocess.ms)
  t.ok(Math.abs(bare.cpu_ms - preprocess.cpu_ms - run.cpu_ms) < 1e-9)
})

t.test('a photo that is none is named', t =>
  t.rejects(measureStages(model, [{ path: 'b.jpg', bytes: Buffer.from('text') }], { threads: 1, rounds: 1 }),
    { name: 'CommandError', message: /^b\.jpg: Cannot decode/ }))
