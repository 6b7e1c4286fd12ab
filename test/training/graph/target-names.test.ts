import t from 'tap'
import { topologicalOrder } from '../../../nn/graph.ts'
import { input } from '../../../nn/tensor.ts'
import { parametersInTraining } from '../../../training/graph/auxiliary.ts'
import { detectorStep } from '../../../training/graph/detector-graph.ts'
import { TARGETS } from '../../../training/graph/target-names.ts'
import { seededStateDict } from '../../support/seeded.ts'
import { configOf } from '../../support/training.ts'

t.test('are the inputs of a step without trained parameters', async t => {
  for (const [name, targets] of [['nanodet-m-0.5x', 3], ['nanodet-plus-m-320', 4]] as const) {
    const config = configOf(name, 64, 64, 3)
    const initial = seededStateDict(parametersInTraining(config, false))
    const options = { config, initial, trained: [], batchStatistics: false, microBatch: 1, auxiliary: false }
    const { losses } = detectorStep(options, input('image', [1, 3, 64, 64]))
    const read = topologicalOrder(Object.values(losses)).flatMap(({ inputs }) => inputs)
    const fed = new Set(read.flatMap(x => x?.source.kind === 'input' ? x.source.name : []))
    t.same(fed, new Set(['image', ...Object.values(TARGETS).slice(0, targets)]))
  }
})
