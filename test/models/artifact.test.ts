import t from 'tap'
import { builtInArtifacts, precisionOf } from '../../models/artifact.ts'
import { REGISTRY } from '../../models/registry.ts'

t.test('models with weights from the build are built in', async t => {
  t.same(builtInArtifacts().map(({ name }) => name), [...REGISTRY.values()].filter(({ weights }) => weights).map(({ name }) => name))
})

t.test('for int8, models have their calibration table', async t => {
  const [float, int8] = [builtInArtifacts()[0]!, builtInArtifacts('int8')[0]!]
  t.same([precisionOf(float), precisionOf(int8), precisionOf(undefined)], ['fp32', 'int8', 'fp32'])
  t.notOk('calibration' in float)
  t.match(int8, { calibration: /nanodet-m-416\.calibration\.json$/ })
})
