import { buildOnPixels, imageOfPixels } from '../../models/network.ts'
import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import { topologicalOrder, type Graph } from '../../nn/graph.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import type { Tensor } from '../../nn/tensor.ts'
import { predictedTensors } from '../losses/predicted.ts'
import type { ForwardGraph } from '../step-graph.ts'
import { pointsOf } from '../targets/points.ts'
import { fedParameters } from './compile-step.ts'
import type { DetectorGraphOptions } from './detector-graph.ts'
import { weightsInValidation } from './fed-weights.ts'
import { fedOnes, networkInTraining, passes, type NetworkOptions } from './network-in-training.ts'
import { peakBytes } from './peak-bytes.ts'

/** The forward pass as the served network computes it: `pixels` and parameters → `output`, `[N, P, classes + 4 · (regMax + 1)]`. */
export function forwardGraph (options: Omit<DetectorGraphOptions, 'auxiliary'>): ForwardGraph {
  const { predictions, params } = buildOnPixels(options.config, weightsInValidation(options), options.microBatch)
  const trained = fedOnes(params)
  return compiled(passes({ outputs: new Map([[OUTPUT_NAME, predictions]]) }, trained), trained)
}

/**
 * What NanoDet-Plus's targets are assigned by (`ASSIGNMENT_OUTPUTS`), as the step's network predicts it: with its auxiliary head,
 * if it has one.
 */
export function assignmentGraph (options: DetectorGraphOptions): ForwardGraph {
  const { outputs, trained } = assignmentOver(options, imageOfPixels(options.config, options.microBatch))
  return compiled({ outputs: new Map(Object.entries(outputs)) }, trained)
}

/** The same over a normalized image `[N, 3, H, W]`, before it is compiled. */
export function assignmentOver (options: NetworkOptions, image: Tensor) {
  const { config: { labels, head: { regMax } } } = options
  const { heads, trained } = networkInTraining(options, image)
  return { outputs: { ...predictedTensors(heads.at(-1)!, labels.length, regMax, pointsOf(options.config)) }, trained }
}

function compiled (graph: Graph, trained: ReadonlyMap<string, Tensor>): ForwardGraph {
  const read = new Set(topologicalOrder(graph.outputs.values()).flatMap(({ inputs }) => inputs))
  const fed = new Map([...trained].filter(([, x]) => read.has(x)))
  return { onnx: toOnnx(graph), parameters: fedParameters(fed), peakBytes: peakBytes(graph.outputs.values()) }
}
