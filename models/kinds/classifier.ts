import { weightsOf } from '../checkpoints/state-dict.ts'
import { compileClassifier } from '../classifier.ts'
import { loadClassifierCheckpoint } from '../load-checkpoint.ts'
import { backboneName } from './backbone-name.ts'
import type { ModelKind } from './kind.ts'

/** Image classifiers: a backbone with the head of its own paper. */
export const classifier: ModelKind<'classifier'> = {
  kind: 'classifier',
  task: 'classify',
  takesCalibration: false,
  read: async ({ checkpoint, config }) =>
    ({ kind: 'classifier', config, stateDict: await loadClassifierCheckpoint(checkpoint, config) }),
  compile: ({ config, stateDict }, _layers, _precision, target) =>
    compileClassifier(config, weightsOf(stateDict), target?.isBatched ? 'N' : 1),
  describe: ({ backbone }) => ({ backbone: backboneName(backbone) }),
  layers: () => []
}
