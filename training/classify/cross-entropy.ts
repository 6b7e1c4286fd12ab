import { node } from '../../nn/node.ts'
import * as op from '../../nn/ops.ts'
import { floats, integers, scalar, type Tensor } from '../../nn/tensor.ts'

/** Losses of a batch of photos, each a scalar. */
export interface ClassLosses {
  /** Mean cross-entropy. */
  readonly loss: Tensor
  /** Share of the photos whose class has the highest score. */
  readonly accuracy: Tensor
  /** Tensors that count as constants in the gradient. */
  readonly detached: ReadonlySet<Tensor>
}

/**
 * Cross-entropy −Σ t·log softmax(logits), where t spreads a share of the target over all classes (torch.nn.CrossEntropyLoss with
 * `label_smoothing`; https://arxiv.org/abs/1512.00567, section 7).
 * @param logits `[N, classes]`
 * @param labels int64 `[N]`
 */
export function crossEntropy (logits: Tensor, labels: Tensor, smoothing: number): ClassLosses {
  const [count, classes] = logits.shape as [number, number]
  const largest = node('ReduceMax', [logits], [count, 1], { axes: [1], keepdims: 1 })
  const shifted = op.sub(logits, largest)
  const exponents = node('Exp', [shifted], shifted.shape)
  const normalizer = node('Log', [sumOfRows(exponents)], [count, 1])
  const logarithms = op.sub(shifted, normalizer)
  const sum = node('ReduceSum', [op.mul(logarithms, targets(labels, classes, smoothing)), integers([0, 1])], [], { keepdims: 0 })
  return { loss: op.mul(sum, scalar(-1 / count)), accuracy: accuracy(logits, labels), detached: new Set([largest]) }
}

const sumOfRows = (x: Tensor): Tensor => node('ReduceSum', [x, integers([1])], [x.dim(0), 1], { keepdims: 1 })

/** `[N, classes]`: the rest of the smoothed share, which all classes get, at the label. */
function targets (labels: Tensor, classes: number, smoothing: number): Tensor {
  const values = floats([2], Float32Array.of(smoothing / classes, 1 - smoothing + smoothing / classes))
  return node('OneHot', [labels, integers([classes]), values], [labels.dim(0), classes], { axis: 1 })
}

function accuracy (logits: Tensor, labels: Tensor): Tensor {
  const best = node('ArgMax', [logits], labels.shape, { axis: 1, keepdims: 0 }, 'int64')
  const hits = op.toFloat(node('Equal', [best, labels], labels.shape, {}, 'bool'))
  return node('ReduceMean', [hits], [], { axes: [0], keepdims: 0 })
}
