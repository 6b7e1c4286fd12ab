import type { DetectorModel, Model } from '../../models/model.ts'
import type { FeaturesInput, FeaturesOutput } from '../results.ts'
import type { Inspector } from './inspector.ts'
import type { Task } from './task.ts'

/** Detects, and renders layers' activations for the same pixels. */
export const features: Task<DetectorModel, Inspector, FeaturesInput, FeaturesOutput> = {
  name: 'features',
  supports: ({ task }) => task === 'detect',
  prepare: async (model: Model) => model as DetectorModel,
  async build (model, { threads }) {
    const { Inspector } = await import('./inspector.ts')
    return new Inspector(model, threads)
  },
  run: (inspector, input) => inspector.inspect(input),
  release: inspector => inspector.release()
}
