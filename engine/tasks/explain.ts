import type { DetectorModel } from '../../models/model.ts'
import type { ExplainInput, ExplainOutput } from '../results.ts'
import { features } from './features.ts'
import type { Inspector } from './inspector.ts'
import type { Task } from './task.ts'

/** Detects, and explains how the detections came about. */
export const explain: Task<DetectorModel, Inspector, ExplainInput, ExplainOutput> = {
  ...features,
  name: 'explain',
  run: (inspector, input) => inspector.explain(input)
}
