import t from 'tap'
import { BareProcesses } from '../../bench/bare-processes.ts'
import { readArtifact } from '../../cli/read-model.ts'
import { ARTIFACT } from '../support/built-in.ts'
import { photo } from '../support/files.ts'

const model = await readArtifact(ARTIFACT)

t.test('two at once', async t => {
  const path = `${t.testdir({ 'a.jpg': photo('sample-me.jpg') })}/a.jpg`
  const processes = await BareProcesses.start(2, { model, threads: 1, photos: [{ path, bytes: photo('sample-me.jpg') }] })
  t.teardown(() => processes.close())
  t.ok(await processes.run(0.3) > 1)
  t.ok(await processes.run(0.1) > 1)
})

t.test('one that does not start', async t => {
  const photos = [{ path: 'none.jpg', bytes: Buffer.alloc(0) }]
  await t.rejects(BareProcesses.start(1, { model, threads: 1, photos }), { name: 'CommandError', message: /^A bare pipeline ended: / })
})
