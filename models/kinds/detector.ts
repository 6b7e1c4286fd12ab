import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { PASSES, PORTABLE_PASSES } from '../../nn/passes/optimize.ts'
import { precisionOf, type Artifact } from '../artifact.ts'
import { weightsOf } from '../checkpoints/state-dict.ts'
import { kernelBits } from '../cpu-flags.ts'
import { countParameters, listLayers } from '../layers.ts'
import { layerCam } from '../layer-cam.ts'
import { loadCheckpoint } from '../load-checkpoint.ts'
import { buildOnPixels, compile } from '../network.ts'
import { int8Passes } from '../quantization/int8-form.ts'
import { readCalibration, type CalibrationTable, type Precision } from '../calibration-table.ts'
import { summarize } from '../summary.ts'
import { backboneName } from './backbone-name.ts'
import type { ModelKind } from './kind.ts'

/** Detectors of our own layers. By default, `layers` are computed in float, to show what the network was trained to compute. */
export const detector: ModelKind<'detector'> = {
  kind: 'detector',
  task: 'detect',
  takesCalibration: true,
  async read (artifact) {
    const { checkpoint, config } = artifact
    const precision = precisionOf(artifact)
    const stateDict = await loadCheckpoint(checkpoint, config)
    const calibration = await tableOf(artifact, precision)
    return { kind: 'detector', config, stateDict, precision, ...(calibration && { calibration }) }
  },
  compile ({ config, stateDict, calibration, ...model }, layers, precision = layers.length === 0 ? model.precision : 'fp32', target = {}) {
    const { isPortable = false, isBatched = false } = target
    const weights = weightsOf(stateDict)
    const isInt8 = calibration && precision === 'int8' && !isPortable
    if (isInt8) return compile(config, weights, { layers, passes: int8Passes(calibration, kernelBits()) })
    return compile(config, weights, { layers, passes: isPortable ? PORTABLE_PASSES : PASSES, batch: isBatched ? 'N' : 1 })
  },
  compileCam ({ config, stateDict }, layers, canvas) {
    const network = buildOnPixels({ ...config, input: canvas }, weightsOf(stateDict))
    return toOnnx({ outputs: layerCam(network, layers) })
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

/** A table that can't be read matters only to a model that detects in int8. @throws ModelFileError */
async function tableOf ({ calibration }: Artifact, precision: Precision): Promise<CalibrationTable | undefined> {
  if (calibration === undefined) return undefined
  return await readCalibration(calibration).catch(error => {
    if (precision === 'int8') throw error
    return undefined
  })
}
