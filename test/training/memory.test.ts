import t from 'tap'
import { estimateMemory } from '../../training/memory.ts'
import { tinySpec } from '../support/tiny-training.ts'

const PHOTO = { path: 'a.jpg', objects: [] }
const spec = tinySpec([PHOTO, PHOTO], 1)

t.test('memory grows with workers, photos of a run, and what is trained', async t => {
  const one = estimateMemory(spec, { workers: 1, batch: 4 })
  t.equal(one.total, one.main + one.worker)
  t.ok(one.main > 50e6 && one.worker > 150e6 && one.worker < 400e6, `${one.worker}`)
  const two = estimateMemory(spec, { workers: 2, batch: 4 })
  t.equal(two.total, two.main + 2 * two.worker)
  t.ok(estimateMemory({ ...spec, microBatch: 4 }, { workers: 1, batch: 4 }).worker > one.worker)
  t.ok(estimateMemory({ ...spec, validation: [] }, { workers: 1, batch: 4 }).worker < one.worker)
  t.ok(estimateMemory({ ...spec, trained: spec.trained.slice(-2), batchStatistics: false }, { workers: 1, batch: 4 }).worker < one.worker)
})
