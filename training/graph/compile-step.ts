import { isNumber, product } from '../../nn/dim.ts'
import { gradients } from '../../nn/gradients/gradients.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import type { BatchStatistics } from '../../nn/scope.ts'
import { scalar, type Node, type Tensor } from '../../nn/tensor.ts'
import { gradientName, type BatchNormOutput, type FedParameter, type StepGraph } from '../step-graph.ts'
import { peakBytes } from './peak-bytes.ts'

/** A forward pass with its loss. */
export interface Step {
  /** Scalars by name: `loss`, whose gradients are computed, and its parts. */
  readonly losses: Readonly<Record<string, Tensor>>
  /** Fed parameters by name. */
  readonly trained: ReadonlyMap<string, Tensor>
  /** By path, the statistics of the batch norms that use their batch's. */
  readonly statistics?: ReadonlyMap<string, BatchStatistics>
  /** Tensors that count as constants in gradients. */
  readonly detached?: ReadonlySet<Tensor>
  /** The path of the layer that applied each operator. */
  readonly owners?: ReadonlyMap<Node, string>
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Adds the backward pass, and compiles both to ONNX.
 * @throws GradientError naming an operator without a rule
 */
export function compileStep ({ losses, trained, statistics = new Map(), metadata, ...options }: Step): StepGraph {
  const names = [...trained.keys()]
  const found = gradients([losses['loss']!], [scalar(1)], [...trained.values()], options)
  const outputs = new Map([
    ...Object.entries(losses),
    ...names.map((name, i) => [gradientName(name), found[i]!] as const),
    ...[...statistics].flatMap(([path, { mean, variance }]) => [[`mean/${path}`, mean], [`variance/${path}`, variance]] as const)
  ])
  return {
    onnx: toOnnx({ outputs, ...(metadata && { metadata }) }),
    parameters: fedParameters(trained),
    norms: [...statistics].map(([path, { mean }]) => normOf(path, mean)),
    losses: Object.keys(losses),
    peakBytes: peakBytes(outputs.values())
  }
}

export const fedParameters = (fed: ReadonlyMap<string, Tensor>): FedParameter[] =>
  [...fed].map(([name, { shape }]) => ({ name, shape: shape.map(Number) }))

/** A norm whose mean this is. */
function normOf (path: string, mean: Tensor): BatchNormOutput {
  const [normalized] = mean.source.kind === 'node' ? mean.source.node.inputs : []
  const sizes = normalized!.shape.filter(isNumber)
  return { path, channels: sizes[1]!, count: product(sizes) / sizes[1]! }
}
