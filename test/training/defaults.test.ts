import t from 'tap'
import { defaultWorkers, detectorDefaults } from '../../training/defaults.ts'

t.test('small sets are seen more often', async t => {
  const epochs = [50, 200, 2000].map(photos => detectorDefaults({ photos, start: 'new-classes', generation: 'legacy' }).settings.epochs)
  t.same(epochs, [24, 6, 4])
  t.equal(detectorDefaults({ photos: 1, start: 'random', generation: 'legacy' }).settings.epochs, 200, 'within limits')
})

t.test('known classes are trained at a low rate, random weights in full', async t => {
  const known = detectorDefaults({ photos: 100, start: 'known-classes', generation: 'plus' })
  t.match(known, { freeze: 'stage2', batchStatistics: false, settings: { learningRate: 1e-4 }, augmentation: { stretch: [[0.8, 1.2], [0.8, 1.2]] } })
  const random = detectorDefaults({ photos: 100, start: 'random', generation: 'legacy' })
  t.match(random, { freeze: 'none', batchStatistics: true, augmentation: { stretch: [[1, 1], [1, 1]], scale: [0.6, 1.4] } })
  for (const { settings: { batch }, microBatch } of [known, random]) t.equal(batch % microBatch, 0)
})

t.test('as many workers as there is work for', async t => {
  t.same([defaultWorkers(8, 4, 16), defaultWorkers(8, 8, 16), defaultWorkers(64, 4, 2)], [2, 1, 2])
  t.ok(defaultWorkers(8, 4) >= 1)
})
