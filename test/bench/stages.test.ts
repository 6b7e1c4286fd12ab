import t from 'tap'
import { measureStages } from '../../bench/stages.ts'
import { readArtifact } from '../../cli/read-model.ts'
import { photo } from '../support/files.ts'
import { ARTIFACT } from '../support/built-in.ts'

const model = await readArtifact(ARTIFACT)

t.test('every stage takes time, and both together what they take', async t => {
  const { preprocess, run, postprocess, bare } = await measureStages(model, [{ path: 'a.jpg', bytes: photo('sample-me.jpg') }], { threads: 1, rounds: 3 })
  for (const cost of [preprocess, run, postprocess, bare]) t.ok(cost.ms > 0 && cost.cpu_ms > 0)
  t.ok(bare.ms > run.ms && bare.ms > preprocess.ms)
  t.ok(Math.abs(bare.cpu_ms - preprocess.cpu_ms - run.cpu_ms) < 1e-9)
})

t.test('a file that is not a photo is named', t =>
  t.rejects(measureStages(model, [{ path: 'b.jpg', bytes: Buffer.from('text') }], { threads: 1, rounds: 1 }),
    { name: 'CommandError', message: /^b\.jpg: Cannot decode/ }))
