import type { Model } from '../../models/model.ts'
import type { ClassifyInput, ClassifyOutput } from '../results.ts'
import type { ClassifyPipeline, PreparedClassifier } from './classify-pipeline.ts'
import type { Task } from './task.ts'

/** Classifies an image. */
export const classify: Task<PreparedClassifier, ClassifyPipeline, ClassifyInput, ClassifyOutput> = {
  name: 'classify',
  supports: ({ task }) => task === 'classify',
  async prepare (model: Model) {
    const { compileModel } = await import('../../models/kinds/kinds.ts')
    return { config: model.config as PreparedClassifier['config'], onnx: compileModel(model) }
  },
  async build (prepared, { threads }) {
    const { ClassifyPipeline } = await import('./classify-pipeline.ts')
    return await ClassifyPipeline.load(prepared, threads)
  },
  run: (pipeline, input) => pipeline.classify(input),
  release: pipeline => pipeline.release()
}
