import type { DetectorModel, Model } from '../../models/model.ts'
import type { InspectInput, InspectOutput } from '../results.ts'
import type { Inspector } from './inspector.ts'
import type { Task } from './task.ts'

/** Detects, and renders layers' activations for the same pixels. */
export const inspect: Task<DetectorModel, Inspector, InspectInput, InspectOutput> = {
  name: 'inspect',
  supports: ({ task }) => task === 'detect',
  prepare: async (model: Model) => model as DetectorModel,
  async build (model, { threads }) {
    const { Inspector } = await import('./inspector.ts')
    return new Inspector(model, threads)
  },
  run: (inspector, input) => inspector.inspect(input),
  release: inspector => inspector.release()
}
