import { truncateSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { writeCompiled } from '../../engine/cache/compiled-file.ts'
import { compiledFile } from '../../engine/cache/compiled-models.ts'
import { cacheKey } from '../../engine/cache/key.ts'
import { Engine, type EngineOptions } from '../../engine/engine.ts'
import { prepareModel } from '../../engine/models/prepare.ts'
import type { ModelEvent } from '../../engine/models/store.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../support/model-files.ts'
import { ARTIFACT } from '../support/built-in.ts'
import { photo } from '../support/files.ts'
import { SOURCE } from '../support/server.ts'
import { person } from '../support/versions.ts'

/** Of two jobs each; every worker that is killed costs a second of processor time. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 12)
const checkpoint = safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)

function start (t: Test, options: Partial<EngineOptions> = {}) {
  const events: ModelEvent[] = []
  const engine = new Engine({ workers: 1, threads: 1, onModel: event => { events.push(event) }, ...options })
  t.teardown(() => engine.close())
  return { engine, events }
}

/** A folder of classifiers, `NAME.json` and `NAME.safetensors` each. */
const folderOf = (t: Test, names: readonly string[]): string =>
  t.testdir(Object.fromEntries(names.flatMap(name => [[`${name}.json`, CLASSIFIER_JSON], [`${name}.safetensors`, checkpoint]])))

const placesOf = (directory: string) => ({ builtIn: false, directory, precision: 'fp32' } as const)
const classify = { bytes: photo('sample-me.jpg'), maxPixels: 50e6, topK: 1 }
const states = (engine: Engine): Record<string, string> => Object.fromEntries(engine.models.map(({ name, state }) => [name, state.name]))

t.test('a model by name, by default, and by task', async t => {
  const { engine } = start(t, { artifacts: [SOURCE], places: placesOf(folderOf(t, ['kinds'])) })
  t.notOk(engine.isReady)
  await engine.start()
  t.ok(engine.isReady)
  t.equal(engine.defaultName, 'nanodet-m-416')
  t.equal(engine.find(undefined, 'detect').name, 'nanodet-m-416')
  t.equal(engine.find(undefined, 'classify').name, 'kinds', 'the default can\'t')
  const lease = await engine.acquire('kinds', 'classify')
  t.equal((await lease.run(classify)).classes.length, 1)
  lease.release()
  t.throws(() => engine.find('yolo', 'detect'), { name: 'UnknownModelError' })
  await t.rejects(engine.acquire('kinds', 'features'), { name: 'WrongTaskError', message: /kinds does not support features; it supports classify/ })
  t.equal((await engine.summarize('nanodet-m-416'))?.totals.parameters, 950_036)
  t.equal(await engine.summarize('nanodet-m-416'), await engine.summarize('nanodet-m-416'), 'it is made once')
  t.equal(await engine.summarize('kinds'), undefined)
})

t.test('a task that no model supports is an error', async t => {
  const { engine } = start(t, { artifacts: [SOURCE] })
  await engine.start()
  t.throws(() => engine.find(undefined, 'classify'), { name: 'UnknownModelError', message: /No model supports classify/ })
})

t.test('a start that can\'t load any model fails with the reason; one that can load some continues', async t => {
  const broken = { 'bad.json': CLASSIFIER_JSON, 'bad.safetensors': 'not weights at all, but long enough' }
  const { engine: none } = start(t, { places: placesOf(t.testdir(broken)) })
  await t.rejects(none.start(), { name: 'ModelLoadError', message: /bad/ })
  const { engine, events } = start(t, { artifacts: [SOURCE], places: placesOf(t.testdir(broken)) })
  await engine.start()
  t.same(states(engine), { 'nanodet-m-416': 'ready', bad: 'failed' })
  t.match(events.find(({ type }) => type === 'failed'), { model: 'bad', reason: /bad\.safetensors/ })
  await t.rejects(start(t, { artifacts: [SOURCE], defaultModel: 'yolo' }).engine.start(), { name: 'UnknownModelError' })
})

t.test('models are found without loading them', async t => {
  const { engine, events } = start(t, { places: placesOf(folderOf(t, ['a', 'b'])) })
  t.notOk(engine.has('a'))
  await engine.discover()
  t.same(states(engine), { a: 'unloaded', b: 'unloaded' })
  t.same(events, [])
  while (!engine.canWork) await new Promise(resolve => setTimeout(resolve, 20))
  await engine.start()
  t.same(states(engine), { a: 'ready', b: 'ready' })
})

t.test('40 models, none loaded, 4 at a time, one request each at once', async t => {
  const names = Array.from({ length: 40 }, (_, i) => `kind${i}`)
  const { engine } = start(t, { artifacts: [SOURCE], places: placesOf(folderOf(t, names)), maxLoaded: 4 })
  await engine.start(['nanodet-m-416'])
  let most = 0
  const poll = setInterval(() => { most = Math.max(most, engine.models.filter(({ version }) => version).length) }, 1)
  t.teardown(() => clearInterval(poll))
  const deadline = performance.now() + 5000
  const answers = await Promise.all(names.map(async name => {
    try {
      const lease = await engine.acquire(name, 'classify', { deadline })
      await lease.run(classify).finally(() => lease.release())
      return 200
    } catch (error) {
      t.match(error, { name: 'OverloadError' })
      return 503
    }
  }))
  t.ok(answers.includes(200))
  t.ok(most <= 4, `${most} loaded at once`)
  t.equal(engine.workerEnds, 0)
})

t.test('two concurrent loads of a new model are one deployment', async t => {
  const directory = t.testdir({})
  const { engine, events } = start(t, { artifacts: [SOURCE], places: placesOf(directory) })
  await engine.start()
  await t.rejects(engine.load('new'), { name: 'UnknownModelError' })
  await writeFile(join(directory, 'new.json'), CLASSIFIER_JSON)
  await writeFile(join(directory, 'new.safetensors'), checkpoint)
  const [first, second] = await Promise.all([engine.load('new'), engine.load('new')])
  t.equal(first, second)
  t.same(states(engine), { 'nanodet-m-416': 'ready', new: 'ready' })
  t.equal(events.filter(({ model }) => model === 'new').length, 1)
})

t.test('a native call that hangs, and other requests meanwhile', async t => {
  const { engine } = start(t, { artifacts: [SOURCE], workers: 2 })
  await engine.start()
  const lease = await engine.acquire(undefined, 'detect')
  t.teardown(() => lease.release())
  process.kill(engine.pools.main.workers.at(-1)!.pid!, 'SIGSTOP') // it is the next to get a job
  const hanging = t.rejects(lease.run(person(), { timeout: 500 }), { name: 'WorkerError', ended: true })
  for (let i = 0; i < 3; i++) t.equal((await lease.run(person())).objects.length, 2)
  await hanging
})

t.test('jobs that time out inside native code, again and again', async t => {
  t.setTimeout(240_000)
  const { engine } = start(t, { artifacts: [SOURCE], workers: 2 })
  await engine.start()
  const lease = await engine.acquire(undefined, 'detect')
  t.teardown(() => lease.release())
  let ended = 0
  for (let round = 0; round < ROUNDS; round++) {
    const timeout = 5 + round * 55 / (ROUNDS - 1)
    const answers = await Promise.allSettled([1, 2].map(() => lease.run(person(), { timeout })))
    for (const answer of answers) {
      if (answer.status === 'rejected') t.match(answer.reason, { name: 'WorkerError', ended: true })
      else t.equal(answer.value.objects.length, 2)
    }
    ended += answers.filter(({ status }) => status === 'rejected').length
    t.equal((await lease.run(person())).objects.length, 2, 'the next photo is right')
  }
  t.ok(ended > 0.4 * ROUNDS, `${ended} workers were killed`)
  t.ok(engine.workerEnds >= ended, 'an answer may come just after the kill')
})

t.test('a compiled model gives the same results without a loader; one that is damaged is compiled again', async t => {
  const compiled = t.testdir()
  const file = compiledFile(ARTIFACT, compiled)
  await writeCompiled(file, cacheKey(ARTIFACT), await prepareModel(ARTIFACT))
  const reasons: string[] = []
  const results = async (folder: string) => {
    const { engine } = start(t, { places: { builtIn: true, precision: 'fp32' }, compiled: folder, onUnusable: reason => { reasons.push(reason) } })
    await engine.start()
    const detecting = await engine.acquire(undefined, 'detect')
    const { objects, image } = await detecting.run(person())
    const inferring = await engine.acquire(undefined, 'infer')
    const { body } = await inferring.run({ bytes: person().bytes, maxPixels: 50e6, layers: [], predictions: true })
    for (const lease of [detecting, inferring]) lease.release()
    await engine.close()
    return { objects, image, predictions: Buffer.concat(body!).toString('base64') }
  }
  const expected = await results(`${compiled}/none`)
  t.ok(expected.objects.length > 0 && expected.predictions.length > 1e5)
  t.same(await results(compiled), expected)
  t.same(reasons, [])
  truncateSync(file, 1e6)
  t.same(await results(compiled), expected)
  t.same(reasons, ['it is damaged'])
})
