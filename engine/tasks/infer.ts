import type { DetectorModel } from '../../models/model.ts'
import type { InferInput, InferOutput } from '../results.ts'
import { features } from './features.ts'
import type { Inspector } from './inspector.ts'
import type { Task } from './task.ts'

/** Tensors in, tensors out: predictions and layers as numbers, of a photo or of the network's own input. */
export const infer: Task<DetectorModel, Inspector, InferInput, InferOutput> = {
  ...features,
  name: 'infer',
  run: (inspector, input) => inspector.infer(input)
}
