import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../../models/config.ts'
import { describe } from '../../models/export.ts'
import { imageOfPixels } from '../../models/network.ts'
import { compileStep } from './compile-step.ts'
import { detectorStep } from './detector-graph.ts'
import { isAssignedByPredictions } from './generation.ts'

/**
 * One training step as ONNX for other programs, of all parameters: `detectorGraph`, with its inputs and outputs described in the metadata.
 * Norms use running statistics.
 * @param batch photos of a step
 * @throws NetworkError if the state dict does not fit
 */
export function exportStep (config: ModelConfig, stateDict: StateDict, batch: number): Uint8Array {
  const trained = [...stateDict.parameters.keys()].filter(name => !/\.running_(mean|var)$/.test(name))
  const options = { config, initial: stateDict, trained, batchStatistics: false, microBatch: batch, auxiliary: false }
  const step = detectorStep(options, imageOfPixels(config, batch))
  const metadata = describe(config, {
    form: 'train-step',
    batch,
    assigner: isAssignedByPredictions(config) ? 'dynamic' : 'atss',
    losses: Object.keys(step.losses),
    parameters: [...step.trained.keys()]
  })
  return compileStep({ ...step, metadata }).onnx
}
