import t from 'tap'
import { DetectorStore } from '../../../engine/engine.ts'
import { Loaded } from '../../../engine/models/loaded.ts'
import { photo } from '../../support/files.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'

const source = { kind: 'detector', name: 'small', config: SMALL, checkpoint: 'small.pth' } as const
const options = { scoreThreshold: 0.3, iouThreshold: 0.6, maxDetections: 9 }

t.test('a model stays in the workers until the last of its holders is done', async t => {
  const store = new DetectorStore([], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  const { pools } = store
  await pools.detect.load({ type: 'load', id: 'small#1', model: seededModel(SMALL), warm: true })
  const detect = () => pools.detect.run({ type: 'detect', model: 'small#1', bytes: photo('sample-me.jpg'), maxPixels: 50e6, options })
  const loaded = new Loaded('small#1', source, pools)
  t.equal(loaded.source, source)

  const order: string[] = []
  const first = loaded.hold(async model => { t.equal(model, loaded); await detect(); order.push('first') })
  const second = loaded.hold(async () => { await detect(); await detect(); order.push('second') })
  const retired = loaded.retire().then(() => order.push('retired'))
  await Promise.all([first, second, retired])
  t.same(order, ['first', 'second', 'retired'])
  await t.rejects(detect(), { message: 'the model small#1 is not loaded' })
})

t.test('a holder that fails holds no longer', async t => {
  const store = new DetectorStore([], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  const loaded = new Loaded('small#1', source, store.pools)
  await t.rejects(loaded.hold(async () => { throw new Error('no') }), { message: 'no' })
  await t.resolves(loaded.retire())
})
