import t from 'tap'
import { objectiveOf } from '../../../training/objectives/of-spec.ts'
import type { ClassificationSpec } from '../../../training/spec.ts'
import { SMALL_CLASSIFIER, seededClassifier } from '../../support/model-files.ts'
import { tinySpec } from '../../support/tiny-training.ts'

t.test('each kind of spec has its objective', async t => {
  const spec = tinySpec([], 0)
  t.ok(objectiveOf(spec).step.losses.includes('loss_qfl'))
  const { stateDict: initial } = seededClassifier(SMALL_CLASSIFIER)
  const { auxiliary, ...common } = spec
  const classifier: ClassificationSpec = {
    ...common,
    kind: 'classifier',
    config: SMALL_CLASSIFIER,
    initial,
    trained: [...initial.parameters.keys()].slice(-2),
    labelSmoothing: 0.1,
    crop: { area: [1, 1], ratio: [1, 1] },
    examples: [],
    validation: []
  }
  t.notOk(objectiveOf(classifier).step.losses.includes('loss_qfl'))
})
