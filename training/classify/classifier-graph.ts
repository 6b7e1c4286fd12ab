import { buildClassifier, type ClassifierNetwork } from '../../models/classifier.ts'
import { normalize } from '../../models/normalize.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../models/tensor-names.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import type { Weights } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { compileStep, fedParameters } from '../graph/compile-step.ts'
import { weightsInTraining, weightsInValidation } from '../graph/fed-weights.ts'
import { fedOnes, passes } from '../graph/network-in-training.ts'
import { peakBytes } from '../graph/peak-bytes.ts'
import type { ClassificationSpec } from '../spec.ts'
import type { ForwardGraph, StepGraph } from '../step-graph.ts'
import { crossEntropy } from './cross-entropy.ts'

/** The input of a step with the labels of the photos, int64 `[N]`. */
export const LABELS = 'target/labels'

/** What the graphs depend on. */
export type ClassifierGraphOptions =
  Pick<ClassificationSpec, 'config' | 'microBatch' | 'initial' | 'trained' | 'batchStatistics' | 'labelSmoothing'>

/**
 * One training step of a classifier: `pixels`, uint8 `[N, H, W, 3]` RGB, labels and parameters → losses and gradients. Losses are `loss`
 * and `accuracy`, the share of the photos whose class has the highest score.
 * @throws NetworkError if the initial values do not fit, GradientError if an operator has no gradient
 */
export function classifierStep (options: ClassifierGraphOptions): StepGraph {
  const { logits, params, statistics, owners } = faster(onPixels(options, weightsInTraining(options)))
  const { loss, accuracy, detached } = crossEntropy(logits, input(LABELS, [options.microBatch], 'int64'), options.labelSmoothing)
  return compileStep({ losses: { loss, accuracy }, trained: fedOnes(params), statistics, detached, owners })
}

/** The forward pass as the served classifier computes it: `pixels` and parameters → `output`, logits `[N, classes]`. */
export function classifierForward (options: ClassifierGraphOptions): ForwardGraph {
  const { logits, params } = faster(onPixels(options, weightsInValidation(options)))
  const outputs = new Map([[OUTPUT_NAME, logits]])
  return { onnx: toOnnx({ outputs }), parameters: fedParameters(fedOnes(params)), peakBytes: peakBytes(outputs.values()) }
}

function onPixels ({ config, microBatch }: ClassifierGraphOptions, weights: Weights): ClassifierNetwork {
  const { width, height } = config.input
  const pixels = input(INPUT_NAME, [microBatch, height, width, 3], 'uint8')
  return buildClassifier(config, weights, normalize(pixels, config.normalization))
}

/** The same network after the passes for graphs over fed parameters. */
function faster (network: ClassifierNetwork): ClassifierNetwork {
  const { logits, params, statistics } = network
  const values = [logits, ...[...statistics.values()].flatMap(({ mean, variance }) => [mean, variance])]
  const { outputs } = passes({ outputs: new Map(values.map((x, i) => [String(i), x])) }, fedOnes(params))
  const [now, ...moments] = outputs.values()
  const kept = [...statistics.keys()].map((path, i) => [path, { mean: moments[2 * i]!, variance: moments[2 * i + 1]! }] as const)
  return { ...network, logits: now!, statistics: new Map(kept) }
}
