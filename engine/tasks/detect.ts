import type { DetectorConfig } from '../../models/config.ts'
import type { Model } from '../../models/model.ts'
import type { DetectInput, DetectOutput } from '../results.ts'
import type { DetectPipeline, PreparedDetector } from './detect-pipeline.ts'
import type { PrepareOptions, Task } from './task.ts'

/** Finds objects in a photo. */
export const detect: Task<PreparedDetector, DetectPipeline, DetectInput, DetectOutput> = {
  name: 'detect',
  supports: ({ task }) => task === 'detect',
  async prepare (model: Model, options?: PrepareOptions) {
    const { compileNetworks } = await import('./compile-networks.ts')
    return { config: model.config as DetectorConfig, ...compileNetworks(model, options) }
  },
  async build (prepared, { threads, ...where }) {
    const { DetectPipeline } = await import('./detect-pipeline.ts')
    return await DetectPipeline.load(prepared, threads, where)
  },
  run: (pipeline, input, run) => pipeline.detect(input, run),
  running: ({ running }) => running,
  release: pipeline => pipeline.release()
}
