import { PASSES } from '../../nn/passes/optimize.ts'
import { weightsOf } from '../checkpoints/state-dict.ts'
import { countParameters, listLayers } from '../layers.ts'
import { loadCheckpoint } from '../load-checkpoint.ts'
import { compile } from '../network.ts'
import { int8Passes } from '../quantization/int8-form.ts'
import { readCalibration } from '../calibration-table.ts'
import { summarize } from '../summary.ts'
import { backboneName } from './backbone-name.ts'
import type { ModelKind } from './kind.ts'

/** Detectors of our own layers. With `layers` they run in float, to show what the network was trained to compute. */
export const detector: ModelKind<'detector'> = {
  kind: 'detector',
  task: 'detect',
  takesCalibration: true,
  read: async ({ checkpoint, config, calibration }) => ({
    kind: 'detector',
    config,
    stateDict: await loadCheckpoint(checkpoint, config),
    ...(calibration !== undefined && { calibration: await readCalibration(calibration) })
  }),
  compile ({ config, stateDict, calibration }, layers) {
    const passes = calibration && layers.length === 0 ? int8Passes(calibration) : PASSES
    return compile(config, weightsOf(stateDict), { layers, passes })
  },
  describe (config) {
    const { backbone, neck, head, resizeMode } = config
    return {
      resizeMode,
      backbone: backboneName(backbone),
      neck: neck.name,
      head: head.name,
      strides: [...head.strides],
      parameters: countParameters(config)
    }
  },
  layers: ({ config, stateDict }) => listLayers(config, stateDict.folded),
  summarize: config => summarize(config, false),
  weightsOrigin: ({ weights }) => weights
}
