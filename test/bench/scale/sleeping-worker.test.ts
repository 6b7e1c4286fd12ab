import { fileURLToPath } from 'node:url'
import t from 'tap'
import { WorkerProcess } from '../../../engine/processes/worker-process.ts'
import { person, readVersion } from '../../support/versions.ts'

const path = fileURLToPath(new URL('../../../bench/scale/sleeping-worker.js', import.meta.url))

t.test('it answers as a worker does, after a while', async t => {
  const version = await readVersion(t)
  const worker = new WorkerProcess({ threads: 1 }, () => {}, { path, args: ['80'] })
  t.teardown(() => worker.close())
  await worker.load(version, 'detect')
  const start = performance.now()
  const { objects, times } = await worker.run({ task: 'detect', version, input: person(), deadline: Date.now() + 60_000 })
  t.ok(performance.now() - start >= 79)
  t.match(objects, [{ label: 'person' }, {}, {}])
  t.match(times, { inference: 80 })
  await worker.unload(version)
})
