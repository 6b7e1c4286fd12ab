import t from 'tap'
import { Engine } from '../../engine/engine.ts'
import { person } from '../support/versions.ts'
import { SOURCE } from '../support/server.ts'

t.test('a lease holds a model as it was, until it is released', async t => {
  const engine = new Engine({ artifacts: [SOURCE], workers: 1, threads: 1 })
  t.teardown(() => engine.close())
  await engine.start()
  const lease = await engine.acquire(undefined, 'detect')
  t.equal(lease.model.name, 'nanodet-m-416')
  let isUnloaded = false
  const unloading = engine.unload('nanodet-m-416').then(() => { isUnloaded = true })
  const { objects, times } = await lease.run(person())
  t.equal(objects.length, 2)
  t.ok(times.queue >= 0 && times.total >= times.queue + times.decode + times.preprocess + times.inference + times.postprocess)
  t.notOk(isUnloaded)
  lease.release()
  lease.release()
  await unloading
  t.equal(engine.get('nanodet-m-416').state.name, 'unloaded')
})
