import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Engine, type EngineOptions } from '../../engine/engine.ts'
import type { ModelEvent } from '../../engine/models/store.ts'
import { photo } from '../support/files.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../support/model-files.ts'

const CHECKPOINT = safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
const PHOTO = { bytes: photo('sample-me.jpg'), maxPixels: 50e6, topK: 1 }

/** An engine over a folder with two classifiers: `first`, the default, and `kinds`. */
async function start (t: Test, options: Partial<EngineOptions> = {}, names?: string[]) {
  const folder = t.testdir(Object.fromEntries(['first', 'kinds'].flatMap(name => [[`${name}.json`, CLASSIFIER_JSON], [`${name}.safetensors`, CHECKPOINT]])))
  const events: ModelEvent[] = []
  const engine = new Engine({
    workers: 1, threads: 1, places: { builtIn: false, directory: folder, precision: 'fp32' }, onModel: event => { events.push(event) }, ...options
  })
  t.teardown(() => engine.close())
  await engine.start(names)
  const write = async (name: string, checkpoint: Uint8Array | string = CHECKPOINT) => {
    await writeFile(join(folder, `${name}.safetensors`), checkpoint)
    await writeFile(join(folder, `${name}.json`), CLASSIFIER_JSON)
  }
  const remove = async (name: string) => { for (const type of ['json', 'safetensors']) await rm(join(folder, `${name}.${type}`)) }
  const stateOf = (name: string) => engine.get(name).state.name
  return { engine, events, write, remove, stateOf }
}

t.test('nothing has changed', async t => {
  const { engine, events } = await start(t)
  const before = events.length
  t.same(await engine.refresh(), { added: [], changed: [], removed: [] })
  t.equal(events.length, before)
  const without = new Engine({ workers: 1, threads: 1 })
  t.teardown(() => without.close())
  t.equal(await without.refresh(), undefined)
})

t.test('new, changed and removed models', async t => {
  const { engine, events, write, remove, stateOf } = await start(t)
  const version = engine.get('kinds').version
  await write('new')
  await write('kinds')
  t.same(await engine.refresh(), { added: ['new'], changed: ['kinds'], removed: [] })
  t.equal(stateOf('new'), 'ready')
  t.not(engine.get('kinds').version, version, 'reloaded')
  await remove('new')
  t.same(await engine.refresh(), { added: [], changed: [], removed: ['new'] })
  t.notOk(engine.has('new'))
  t.match(events.at(-1), { type: 'unloaded', model: 'new' })
})

t.test('a changed model that can\'t be loaded keeps its previous version until it can', async t => {
  const { engine, write } = await start(t)
  await write('kinds', 'no weights at all, but long enough')
  t.same((await engine.refresh())?.changed, ['kinds'])
  const { state } = engine.get('kinds')
  t.match(state, { name: 'ready', problem: /kinds\.safetensors/ })
  const lease = await engine.acquire('kinds', 'classify')
  t.equal((await lease.run(PHOTO)).classes.length, 1)
  lease.release()
  await write('kinds')
  t.same((await engine.refresh())?.changed, ['kinds'])
  t.match(engine.get('kinds').state, { name: 'ready', problem: undefined })
})

t.test('models that failed are tried again, those that are not wanted yet are only described', async t => {
  const { engine, write, stateOf } = await start(t)
  await write('bad', 'no weights at all, but long enough')
  await engine.refresh()
  t.equal(stateOf('bad'), 'failed')
  await write('bad')
  await engine.refresh()
  t.equal(stateOf('bad'), 'ready')

  const lazy = await start(t, {}, [])
  t.equal(lazy.stateOf('kinds'), 'unloaded')
  await lazy.write('kinds')
  await lazy.write('new')
  t.same(await lazy.engine.refresh(), { added: ['new'], changed: ['kinds'], removed: [] })
  t.same(['kinds', 'new'].map(lazy.stateOf), ['unloaded', 'unloaded'])
  t.same(lazy.engine.get('new').info?.tasks, ['classify'])
})

t.test('new models are loaded only as far as there is room', async t => {
  const { engine, write, stateOf } = await start(t, { maxLoaded: 2 })
  await write('new')
  await engine.refresh()
  t.same(['first', 'kinds', 'new'].map(stateOf), ['ready', 'ready', 'unloaded'])
})

t.test('looks wait for each other, and end with the engine', async t => {
  const { engine, write } = await start(t)
  await write('new')
  const looks = await Promise.all([engine.refresh(), engine.refresh()])
  t.same(looks.map(changes => changes?.added), [['new'], ['new']])
  await engine.close()
  t.same(await engine.refresh(), { added: [], changed: [], removed: [] })
})

t.test('calls that wait share the next look', async t => {
  const { engine, write } = await start(t)
  const first = engine.refresh()
  await write('new')
  const waiting = Array.from({ length: 100 }, () => engine.refresh())
  await first
  const changes = await Promise.all(waiting)
  t.equal(new Set(changes).size, 1)
  t.ok(engine.has('new'))
})
