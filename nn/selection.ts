/**
 * ONNX operators (opset 17) that select by value. The number selected is known only when the network runs, so that size is symbolic.
 * Semantics: https://onnx.ai/onnx/operators/
 */
import { ShapeError } from './errors.ts'
import { node, nodes } from './node.ts'
import { min } from './ops.ts'
import { floats, integers, type Tensor } from './tensor.ts'

export interface NonMaxSuppressionOptions {
  readonly maxPerClass: number
  /** Boxes of one class that overlap by more suppress one another. */
  readonly iouThreshold: number
  /** Only scores above it are selected. */
  readonly scoreThreshold: number
}

/**
 * Non-maximum suppression per class. boxes `[N, points, 4]` as two opposite corners, scores `[N, classes, points]` → int64 `[selected, 3]`:
 * image, class and point; class by class, best first.
 */
export function nonMaxSuppression (boxes: Tensor, scores: Tensor, options: NonMaxSuppressionOptions): Tensor {
  if (boxes.rank !== 3 || scores.rank !== 3 || boxes.dim(1) !== scores.dim(2) || boxes.dim(2) !== 4) {
    throw new ShapeError('nonMaxSuppression', 'boxes and scores do not fit', boxes.shape, scores.shape)
  }
  const [iou, score] = [options.iouThreshold, options.scoreThreshold].map(value => floats([1], Float32Array.of(value)))
  return node('NonMaxSuppression', [boxes, scores, integers([options.maxPerClass]), iou, score], ['selected', 3], {}, 'int64')
}

/** Indices of the largest values of x `[n]`, up to `limit`, largest first: int64 `[top]`. Equal values keep their order. */
export function topIndices (x: Tensor, limit: number): Tensor {
  if (x.rank !== 1) throw new ShapeError('topIndices', 'values in one row are needed', x.shape)
  const size = node('Shape', [x], [1], {}, 'int64')
  const [, indices] = nodes('TopK', [x, min(size, integers([limit]))], [[['top'], x.type], [['top'], 'int64']], { axis: 0 })
  return indices!
}

/** Picks entries along the first axis: x `[n, …]`, indices int64 `[m]` → `[m, …]`. */
export const indexSelect = (x: Tensor, indices: Tensor): Tensor =>
  node('Gather', [x, indices], [...indices.shape, ...x.shape.slice(1)], { axis: 0 }, x.type)

/** Picks single values: indices int64 `[m, rank of x]` → `[m]`. */
export function gatherNd (x: Tensor, indices: Tensor): Tensor {
  const [count, places] = indices.shape
  if (indices.rank !== 2 || places !== x.rank) throw new ShapeError('gatherNd', 'an index an axis is needed', x.shape, indices.shape)
  return node('GatherND', [x, indices], [count!], {}, x.type)
}
