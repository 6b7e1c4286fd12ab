import t, { type Test } from 'tap'
import { DetectorStore, type StoreOptions } from '../../engine/engine.ts'
import type { ModelEvent } from '../../engine/models/deployment.ts'
import { REGISTRY } from '../../models/registry.ts'
import type { Artifact } from '../../models/artifact.ts'
import { photo } from '../support/files.ts'
import { MODEL, SOURCE } from '../support/server.ts'

const named = (name: string): Artifact => ({ ...SOURCE, name, config: { ...MODEL, name } })
const broken: Artifact = { ...SOURCE, name: 'broken', config: REGISTRY.get('nanodet-plus-m-416')! }

function storeOf (t: Test, sources: readonly Artifact[], options: Partial<StoreOptions> = {}) {
  const events: ModelEvent[] = []
  const store = new DetectorStore(sources, { workers: 1, threads: 1, onModel: event => events.push(event), ...options })
  t.teardown(() => store.close())
  const told = (): string[] => events.map(({ type, model }) => `${model} ${type}`)
  const objects = (name: string) => store.useDetector(name, async detector => (await detector.detect(photo('sample-me.jpg'), { maxPixels: 1e6 })).objects.length)
  return { store, told, objects, states: () => store.models.map(({ state }) => state) }
}

t.test('a store is ready when its models are', async t => {
  const { store } = storeOf(t, [SOURCE])
  t.notOk(store.ready)
  t.equal(store.get(SOURCE.name).state, 'unloaded')
  const started = store.start()
  await new Promise(resolve => setTimeout(resolve, 0))
  t.equal(store.default.state, 'loading')
  await started
  t.ok(store.ready)
  t.equal(store.default.state, 'ready')
  t.equal(await store.use(SOURCE.name, async ({ config }) => config.name), SOURCE.name)
  await t.rejects(store.use('other', async () => t.fail('there is none')), { name: 'UnknownModelError', message: /no model other/ })
})

t.test('a model that can\'t be loaded does not stop the others', async t => {
  const { store, told, states } = storeOf(t, [broken, SOURCE])
  await store.start()
  t.same(states(), ['failed', 'ready'])
  t.same(told(), ['broken failed', 'nanodet-m-416 loaded'])
  t.match(store.get('broken').problem, /nanodet-m-416\.safetensors: /)
  await t.rejects(store.use('broken', async () => t.fail('it is broken')), { name: 'ModelLoadError', message: /^The model broken can't be loaded: / })
})

t.test('where none can be loaded, there is nothing to start', async t => {
  const { store } = storeOf(t, [broken])
  await t.rejects(store.start(), { name: 'ModelLoadError' })
  t.notOk(store.ready)
  await t.rejects(storeOf(t, [SOURCE]).store.start(['yolo']), { name: 'UnknownModelError' })
  await t.rejects(storeOf(t, [SOURCE], { defaultModel: 'yolo' }).store.start(), { name: 'UnknownModelError' })
})

t.test('what is not loaded at the start is loaded when it is asked for', async t => {
  const { store, objects, states } = storeOf(t, [SOURCE, named('b')])
  await store.start([SOURCE.name])
  t.same(states(), ['ready', 'unloaded'])
  t.equal(store.get('b').source?.name, 'b', 'what its files say is known')
  t.same(await Promise.all([objects('b'), objects('b')]), [2, 2])
  t.same(states(), ['ready', 'ready'])
})

t.test('no more are loaded than may be: what was not asked for longest goes', async t => {
  const { store, objects, told, states } = storeOf(t, [SOURCE, named('b'), named('c')], { maxLoaded: 2 })
  await store.start()
  t.same(states(), ['ready', 'ready', 'unloaded'])
  await objects('nanodet-m-416')
  await objects('c')
  await store.get('b').unload()
  t.same(states(), ['ready', 'unloaded', 'ready'])
  t.same(told().slice(2), ['c loaded', 'b unloaded'])
})

t.test('models that come to a directory, change there, and go', async t => {
  const files = new Map([['a', named('a')]])
  const directory = {
    names: async () => [...files.keys()],
    find: async (name: string) => files.get(name) ?? Promise.reject(new Error('it is gone'))
  }
  const { store, objects, told } = storeOf(t, [SOURCE], { directory })
  await store.start()
  t.same(store.models.map(({ name }) => name), ['nanodet-m-416', 'a'])
  await t.rejects(store.load('b'), { name: 'UnknownModelError' })
  files.set('b', named('b'))
  t.equal((await store.load('b')).state, 'ready')
  files.set('b', { ...broken, name: 'b' })
  await t.rejects(store.load('b'), { name: 'ModelLoadError' })
  t.match(store.get('b'), { state: 'ready', problem: /conv/ }, 'the old one serves on')
  t.equal(await objects('b'), 2)
  files.delete('a')
  await t.rejects(store.load('a'), { message: /it is gone$/ })
  t.equal((await store.unload('a')).state, 'failed')
  t.same(told().slice(2), ['b loaded', 'b failed', 'a failed', 'a unloaded'])
})
