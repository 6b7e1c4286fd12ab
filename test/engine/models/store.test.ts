import t from 'tap'
import { WorkerError } from '../../../engine/errors.ts'
import { settled, storeOf } from '../../support/store-parts.ts'

const THE_FILE = new WorkerError('no weights')
const OURS = new WorkerError('the process ended: it was ended by SIGKILL', { ended: true })

t.test('models by name', async t => {
  const { store } = storeOf(['a', 'b'])
  t.same(store.deployments, [store.get('a'), store.get('b')])
  t.same(['a', 'c'].map(name => store.has(name)), [true, false])
  t.throws(() => store.get('c'), { name: 'UnknownModelError', message: 'Unknown model c; GET /models lists the available models' })
})

t.test('a model is described without loading it', async t => {
  const { store, parts } = storeOf(['a', 'b'])
  parts.broken.set('b', THE_FILE)
  for (const deployment of store.deployments) await store.describe(deployment)
  t.match(store.get('a'), { state: { name: 'unloaded' }, info: { tasks: ['detect'] } })
  t.match(store.get('b'), { state: { name: 'failed' }, problem: 'no weights', info: undefined })
  t.match(parts, { events: [{ type: 'failed', model: 'b', reason: 'no weights' }], log: [] })
})

t.test('a model is loaded for the first request, and ready for the next', async t => {
  const { store, parts, acquire } = storeOf(['a'])
  const [first, second] = await Promise.all([acquire('a'), acquire('a')])
  const third = await acquire('a')
  t.match(first, { id: 'a#1', leases: 3 })
  t.ok(second === first && third === first)
  t.same(parts.log, ['read a', 'load a#1'])
  t.match(parts.events, [{ type: 'loaded', model: 'a', ms: Number, info: { name: 'a' } }])
  t.same(store.loaded, [store.get('a')])
})

t.test('one load at a time, in the order of the requests', async t => {
  const { parts, acquire } = storeOf(['a', 'b', 'c', 'd'])
  const names = ['d', 'a', 'c', 'b']
  await Promise.all(names.map(name => acquire(name)))
  t.same(parts.log, names.flatMap((name, i) => [`read ${name}`, `load ${name}#${i + 1}`]))
  t.equal(parts.most.loads, 1)
})

t.test('a load that fails does not block the next', async t => {
  const { parts, acquire } = storeOf(['a', 'b'])
  parts.broken.set('a', THE_FILE)
  const failed = t.rejects(acquire('a'), { name: 'ModelLoadError', message: /no weights$/ })
  t.equal((await acquire('b')).id, 'b#1')
  await failed
})

t.test('forty models at once, room for four: all are served, four are in memory', async t => {
  const names = Array.from({ length: 40 }, (_, i) => `model-${i}`)
  const { store, parts, acquire } = storeOf(names, 4)
  const served = await Promise.all(names.map(async name => {
    const version = await acquire(name)
    await settled()
    version.release()
    return version.info.name
  }))
  t.same(served, names)
  t.equal(parts.most.inMemory, 4, 'those that are being loaded and unloaded counted')
  t.equal(parts.most.loads, 1)
  t.equal(store.loaded.length, 4)
})

t.test('all waiting requests get a model before the next load may unload it', async t => {
  const { parts, acquire } = storeOf(['a', 'b'], 1)
  const waiting = [acquire('a'), acquire('b'), acquire('a')] as const
  const [first, second] = [await waiting[0], await waiting[2]]
  t.equal(first.leases, 2)
  first.release()
  await settled()
  t.same(parts.log, ['read a', 'load a#1'], 'the other still holds it')
  second.release()
  await waiting[1]
  t.same(parts.log, ['read a', 'load a#1', 'unload a#1', 'read b', 'load b#2'])
})

t.test('the least recently used model is unloaded first', async t => {
  const { store, parts, acquire } = storeOf(['a', 'b', 'c'], 2)
  for (const name of ['a', 'b', 'a', 'c']) (await acquire(name)).release()
  t.same(store.loaded.map(({ name }) => name), ['a', 'c'])
  t.equal(store.get('b').state.name, 'unloaded')
  t.same(parts.events.map(({ type, model }) => `${type} ${model}`), ['loaded a', 'loaded b', 'unloaded b', 'loaded c'])
})

t.test('requests that give up while others load cause no load', async t => {
  const { parts, acquire } = storeOf(['a', 'b', 'c'])
  parts.shut()
  const controller = new AbortController()
  const a = acquire('a')
  const late = t.rejects(acquire('b', { deadline: performance.now() + 20 }), { name: 'OverloadError', message: /retry after 2 s/ })
  const aborted = t.rejects(acquire('c', { signal: controller.signal }), { name: 'AbortedError' })
  controller.abort()
  await Promise.all([late, aborted])
  parts.open()
  await a
  await settled()
  t.same(parts.log, ['read a', 'load a#1'])
  t.equal((await acquire('b')).id, 'b#2', 'it can be requested again')
})

t.test('a request that comes just after the last waiting one gave up is answered', async t => {
  for (let microtasks = 0; microtasks < 20; microtasks++) {
    const { acquire } = storeOf(['a', 'b'])
    const controller = new AbortController()
    const [first, gone] = [acquire('a'), acquire('b', { signal: controller.signal })]
    gone.catch(() => {})
    controller.abort()
    await first
    for (let i = 0; i < microtasks; i++) await undefined
    const served = await acquire('b', { deadline: performance.now() + 500 }).catch(({ reason }) => ({ id: reason }))
    t.equal(served.id, 'b#2', `${microtasks} microtasks later`)
  }
})

t.test('concurrent loads of one model are one load', async t => {
  const { store, parts, acquire } = storeOf(['a'])
  const a = store.get('a')
  await Promise.all([store.load(a), store.load(a), acquire('a')])
  t.same(parts.log, ['read a', 'load a#1'])
  await store.load(a)
  t.equal(a.version!.id, 'a#2', 'a later one is another')
})

t.test('a load requested while one runs is not repeated', async t => {
  const { store, parts, acquire } = storeOf(['a', 'b'])
  const [a, b] = [store.get('a'), store.get('b')]
  parts.shut()
  const load = store.load(a)
  await settled()
  const joined = store.load(a)
  parts.open()
  await Promise.all([load, joined])
  await store.unload(a)
  const other = store.load(b)
  await t.rejects(acquire('a', { signal: AbortSignal.abort() }), { name: 'AbortedError' })
  await other
  await settled(3)
  t.same(parts.log, ['read a', 'load a#1', 'unload a#1', 'read b', 'load b#2'])
})

t.test('a model whose files are at fault is not retried by requests, only by load', async t => {
  const { store, parts, acquire } = storeOf(['a'])
  const a = store.get('a')
  parts.broken.set('a', THE_FILE)
  await t.rejects(store.load(a), { name: 'ModelLoadError', reason: 'no weights', cause: THE_FILE })
  t.match(a.state, { name: 'failed', problem: 'no weights' })
  parts.broken.clear()
  await t.rejects(acquire('a'), { name: 'ModelLoadError', message: /no weights$/ })
  t.same(parts.log, ['read a'])
  await store.load(a)
  t.equal((await acquire('a')).id, 'a#1')
  t.equal(a.problem, undefined)
})

t.test('a model that failed because of a process is retried after a while', async t => {
  const { parts, acquire } = storeOf(['a'])
  parts.broken.set('a', OURS)
  await t.rejects(acquire('a'), { name: 'ModelLoadError' })
  parts.broken.clear()
  await t.rejects(acquire('a'), { name: 'ModelLoadError' }, 'not at once')
  t.same(parts.log, ['read a'])
  const now = performance.now.bind(performance)
  t.intercept(performance, 'now', { value: () => now() + 6000 })
  t.equal((await acquire('a')).id, 'a#1')
})

t.test('while a model loads again, the previous version stays in use until its last lease is released', async t => {
  const { store, parts, acquire } = storeOf(['a'], 1)
  const first = await acquire('a')
  parts.shut()
  const reload = store.load(store.get('a'))
  await settled()
  t.equal(store.get('a').state.name, 'loading')
  t.equal(await acquire('a'), first)
  parts.open()
  await reload
  t.equal((await acquire('a')).id, 'a#2')
  first.release()
  await settled(3)
  t.notOk(parts.log.includes('unload a#1'), 'one request still uses it')
  first.release()
  await settled(3)
  t.ok(parts.log.includes('unload a#1'))
  t.same(parts.events.map(({ type }) => type), ['loaded', 'loaded'])
  parts.broken.set('a', THE_FILE)
  await t.rejects(store.load(store.get('a')), { name: 'ModelLoadError' })
  t.match(store.get('a'), { state: { name: 'ready' }, version: { id: 'a#2' }, problem: 'no weights' }, 'a load that fails leaves what is there')
})

t.test('unloaded after the last request; requests that come meanwhile get another version', async t => {
  const { store, parts, acquire } = storeOf(['a'], 1)
  const a = store.get('a')
  const loading = acquire('a')
  const unloaded = store.unload(a).then(() => parts.log.push('unloaded'))
  const first = await loading
  await settled()
  t.equal(a.state.name, 'unloaded')
  const next = acquire('a')
  await settled()
  first.release()
  t.equal((await next).id, 'a#2')
  await unloaded
  t.same(parts.log.toSorted(), ['load a#1', 'load a#2', 'read a', 'read a', 'unload a#1', 'unloaded'])
  t.ok(parts.log.indexOf('unload a#1') < parts.log.indexOf('load a#2'), 'there was room for one')
  t.same(parts.events.map(({ type }) => type), ['loaded', 'unloaded', 'loaded'])
})

t.test('a version that workers can no longer run is dropped, and loaded again after a while', async t => {
  const { store, parts, acquire } = storeOf(['a'])
  const first = await acquire('a')
  store.lost(first, OURS)
  t.match(store.get('a'), { state: { name: 'failed', retryAt: Number }, problem: /SIGKILL/ })
  await t.rejects(acquire('a'), { name: 'ModelLoadError' })
  t.match(parts.events.at(-1), { type: 'failed', model: 'a' })
  store.lost(first, OURS)
  t.equal(parts.events.length, 2, 'once')
  first.release()
  await settled(3)
  t.equal(parts.log.at(-1), 'unload a#1')
})

t.test('a version lost while the model loads again: requests wait for the new one', async t => {
  const { store, parts, acquire } = storeOf(['a'])
  const first = await acquire('a')
  first.release()
  parts.shut()
  const reload = store.load(store.get('a'))
  await settled()
  store.lost(first, OURS)
  const next = acquire('a')
  parts.open()
  t.equal((await next).id, 'a#2')
  await reload
})

t.test('when it closes, waiting requests fail', async t => {
  const { store, parts, acquire } = storeOf(['a', 'b'])
  parts.shut()
  const waiting = ['a', 'b'].map(name => t.rejects(acquire(name), { name: 'ClosedError' }))
  store.close()
  await Promise.all(waiting)
  parts.open()
  await settled()
  t.notOk(parts.log.includes('read b'), 'what has not begun does not begin')
})
