import type { DetectorConfig } from '../../models/config.ts'
import type { Model } from '../../models/model.ts'
import type { DetectInput, DetectOutput } from '../results.ts'
import type { DetectPipeline } from './detect-pipeline.ts'
import type { Task } from './task.ts'

/** A detector, compiled. */
export interface PreparedDetector { readonly config: DetectorConfig, readonly onnx: Uint8Array }

/** Finds objects in a photo. */
export const detect: Task<PreparedDetector, DetectPipeline, DetectInput, DetectOutput> = {
  name: 'detect',
  supports: ({ task }) => task === 'detect',
  async prepare (model: Model) {
    const { compileModel } = await import('../../models/kinds/kinds.ts')
    return { config: model.config as DetectorConfig, onnx: compileModel(model) }
  },
  async build (prepared, { threads }) {
    const { DetectPipeline } = await import('./detect-pipeline.ts')
    return await DetectPipeline.load(prepared, threads)
  },
  run: (pipeline, input) => pipeline.detect(input),
  release: pipeline => pipeline.release()
}
