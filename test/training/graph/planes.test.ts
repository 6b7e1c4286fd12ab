import t from 'tap'
import { buildOnImage } from '../../../models/network.ts'
import { input } from '../../../nn/tensor.ts'
import { predictionPlanes } from '../../../training/graph/planes.ts'
import { run, maxDifference } from '../../support/run.ts'
import { seededImage, seededWeights } from '../../support/seeded.ts'
import { configOf, transposed } from '../../support/training.ts'

t.test('planes hold the values of the predictions', async t => {
  const config = configOf('nanodet-m-0.5x', 64, 64, 3)
  const { predictions, aliases } = buildOnImage(config, seededWeights)
  const outputs = { predictions, planes: predictionPlanes(config.head, aliases) }
  const found = await run(outputs, { image: { dims: [1, 3, 64, 64], data: seededImage(64) } })
  t.same(found['planes']!.dims, [1, 35, 84])
  t.equal(maxDifference(found['planes']!.data, transposed(found['predictions']!.data, 35)), 0)
})

t.test('levels come by their strides', async t => {
  const aliases = new Map([['pred4', input('b', [2, 9, 2, 3])], ['pred3', input('a', [2, 9, 4, 6])]])
  t.same(predictionPlanes({ strides: [8, 16] }, aliases).shape, [2, 9, 30])
})
