import t from 'tap'
import type { Detector } from '../../engine/detector.ts'
import { DetectorStore } from '../../engine/engine.ts'
import { loadModel } from '../../engine/models/load-model.ts'
import type { Parameter, StateDict } from '../../models/checkpoints/state-dict.ts'
import type { Model, NetworkModel } from '../../models/model.ts'
import { readModel } from '../../models/kinds/kinds.ts'
import { photo } from '../support/files.ts'
import { SOURCE } from '../support/server.ts'

const MAX_PIXELS = 50e6

const load = async (store: DetectorStore, model?: Model): Promise<Detector> =>
  await loadModel('m', SOURCE, model ?? await readModel(SOURCE), store.pools) as Detector

const withParameters = (model: NetworkModel, parameters: StateDict['parameters']): NetworkModel =>
  ({ ...model, stateDict: { ...model.stateDict, parameters } })

t.test('detector', async t => {
  const store = new DetectorStore([SOURCE], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  const detector = await load(store)

  await t.test('names what it finds, best first, in pixels of the photo', async t => {
    const { image, objects, times } = await detector.detect(photo('sample-me.jpg'), { maxPixels: MAX_PIXELS })
    t.match(image, { width: 700, height: 700, format: 'jpeg', orientation: 1 })
    t.same(objects.map(({ label }) => label), ['person', 'tie'])
    const [x1, y1, x2, y2] = objects[0]!.box
    t.ok(Math.abs(x1 - 47) < 5 && Math.abs(y1 - 65) < 5 && Math.abs(x2 - 696) < 5 && Math.abs(y2 - 698) < 5)
    t.ok(Object.values(times).every(ms => ms > 0))
  })

  await t.test('what is no image is refused before a worker sees it', async t => {
    const busy = detector.detect(photo('sample-me.jpg'), { maxPixels: MAX_PIXELS })
    await t.rejects(detector.detect(Buffer.from('text'), { maxPixels: MAX_PIXELS }), { code: 'UNSUPPORTED_IMAGE' })
    await busy
  })

  await t.test('an image that is too large is refused by what it declares', t =>
    t.rejects(detector.detect(photo('sample-me.jpg'), { maxPixels: 1000 }), { code: 'IMAGE_TOO_LARGE' }))
})

t.test('a network of zeros finds nothing at all', async t => {
  const store = new DetectorStore([SOURCE], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  const model = await readModel(SOURCE)
  const zeros = ({ shape, data }: Parameter): Parameter => ({ shape, data: new Float32Array(data.length) })
  const empty = new Map([...model.stateDict.parameters].map(([name, parameter]) => [name, zeros(parameter)]))
  const detector = await load(store, withParameters(model, empty))
  const { objects } = await detector.detect(photo('sample-me.jpg'), { maxPixels: MAX_PIXELS, scoreThreshold: 0.5 })
  t.same(objects, [], 'every score is the sigmoid of 0, which is not above 0.5')
})

t.test('a state dict that does not fit is refused by name', async t => {
  const store = new DetectorStore([SOURCE], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  const model = await readModel(SOURCE)
  const partial = new Map([...model.stateDict.parameters].slice(1))
  await t.rejects(load(store, withParameters(model, partial)), {
    name: 'WorkerError', message: /parameter backbone\.conv1\.0\.weight \[24, 3, 3, 3\] is not in the checkpoint/
  })
})

t.test('one that retires waits for those who hold it', async t => {
  const store = new DetectorStore([SOURCE], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  const detector = await load(store)
  const order: string[] = []
  const held = detector.hold(async () => {
    const { objects } = await detector.detect(photo('sample-me.jpg'), { maxPixels: MAX_PIXELS })
    order.push(`found ${objects.length}`)
  })
  const retired = detector.retire().then(() => order.push('retired'))
  await Promise.all([held, retired])
  t.same(order, ['found 2', 'retired'])
  await t.rejects(detector.detect(photo('sample-me.jpg'), { maxPixels: MAX_PIXELS }), { name: 'WorkerError', message: /not loaded/ })
})
