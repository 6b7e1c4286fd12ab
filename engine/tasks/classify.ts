import type { Model } from '../../models/model.ts'
import type { ClassifyInput, ClassifyOutput } from '../results.ts'
import type { ClassifyPipeline, PreparedClassifier } from './classify-pipeline.ts'
import type { PrepareOptions, Task } from './task.ts'

/** Classifies an image. */
export const classify: Task<PreparedClassifier, ClassifyPipeline, ClassifyInput, ClassifyOutput> = {
  name: 'classify',
  supports: ({ task }) => task === 'classify',
  async prepare (model: Model, options?: PrepareOptions) {
    const { compileNetworks } = await import('./compile-networks.ts')
    return { config: model.config as PreparedClassifier['config'], ...compileNetworks(model, options) }
  },
  async build (prepared, { threads, ...where }) {
    const { ClassifyPipeline } = await import('./classify-pipeline.ts')
    return await ClassifyPipeline.load(prepared, threads, where)
  },
  run: (pipeline, input, run) => pipeline.classify(input, run),
  running: ({ running }) => running,
  release: pipeline => pipeline.release()
}
