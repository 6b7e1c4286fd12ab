import t, { type Test } from 'tap'
import type { Detector } from '../../../engine/detector.ts'
import { DetectorStore } from '../../../engine/engine.ts'
import { ServedModel, type ModelEvent } from '../../../engine/models/deployment.ts'
import type { Artifact } from '../../../models/artifact.ts'
import { photo } from '../../support/files.ts'
import { SOURCE } from '../../support/server.ts'

function serve (t: Test, find: () => Promise<Artifact>) {
  const store = new DetectorStore([], { workers: 2, threads: 1 })
  t.teardown(() => store.close())
  const events: ModelEvent[] = []
  return { model: new ServedModel(SOURCE.name, find, store.pools, event => events.push(event)), events }
}

const detect = (model: ServedModel) => model.use(async detector => (await (detector as Detector).detect(photo('sample-me.jpg'), { maxPixels: 1e6 })).objects.length)

t.test('a swap under load loses no request', async t => {
  const { model, events } = serve(t, async () => ({ ...SOURCE }))
  await model.load()
  const first = model.source
  const swapped = new AbortController()
  const lane = async (): Promise<number[]> => {
    const found: number[] = []
    while (!swapped.signal.aborted) found.push(await detect(model))
    return found
  }
  const lanes = Promise.all([lane(), lane(), lane(), lane()])
  for (let i = 0; i < 3; i++) await model.load()
  swapped.abort()
  const found = (await lanes).flat()
  t.ok(found.length >= 8, `${found.length} detections`)
  t.ok(found.every(count => count === 2))
  t.not(model.source, first, 'it is another version')
  t.same(events.map(({ type }) => type), ['loaded', 'loaded', 'loaded', 'loaded'])
})

t.test('requests while it is unloaded are served by what is loaded for them', async t => {
  const { model } = serve(t, async () => SOURCE)
  await model.load()
  const found = Promise.all([detect(model), detect(model)])
  await model.unload()
  t.equal(model.state, 'unloaded')
  t.same(await found, [2, 2])
  t.equal(await detect(model), 2)
  t.equal(model.state, 'ready')
})

t.test('one that failed stays failed until it is loaded', async t => {
  let tries = 0
  const { model } = serve(t, async () => {
    if (++tries === 1) throw new Error('not yet')
    return SOURCE
  })
  await model.look()
  t.match(model, { state: 'failed', problem: 'not yet', source: undefined })
  await t.rejects(detect(model), { name: 'ModelLoadError', message: /not yet$/ })
  t.equal(tries, 1)
  await model.load()
  t.match(model, { state: 'ready', problem: undefined })
  t.equal(await detect(model), 2)
})
