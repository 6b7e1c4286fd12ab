import t from 'tap'
import { DetectorStore } from '../../detector/detector-store.ts'
import { REGISTRY } from '../../models/registry.ts'
import { MODEL } from '../support/server.ts'

t.test('a store is ready when all its models are', async t => {
  const store = new DetectorStore([MODEL], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  t.notOk(store.ready)
  t.equal(store.get(MODEL.name), undefined)
  await store.load()
  t.ok(store.ready)
  t.equal(store.get(MODEL.name)!.config, MODEL)
  t.equal(store.get('other'), undefined)
})

t.test('weights that are missing fail the load', async t => {
  const store = new DetectorStore([REGISTRY.get('nanodet-m')!], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  await t.rejects(store.load(), { code: 'ENOENT' })
  t.notOk(store.ready)
})
