/**
 * ONNX operators (opset 17) as functions. Each infers its output's shape eagerly, so a wrong call fails on the line that made it.
 * Images are NCHW. Semantics: https://onnx.ai/onnx/operators/
 */
import { ceilDiv, isNumber, product, sameShape, sum, times, type Dim, type Shape } from './dim.ts'
import { ShapeError } from './errors.ts'
import { node, nodes } from './node.ts'
import { integers, floats, type ElementType, type Tensor } from './tensor.ts'

export interface ConvOptions { stride?: number, padding?: number, groups?: number }

/** Convolution. x `[N, C, H, W]`, weight `[out, C / groups, k, k]`, bias `[out]` → `[N, out, H', W']`. */
export function conv (x: Tensor, weight: Tensor, bias?: Tensor, { stride = 1, padding = 0, groups = 1 }: ConvOptions = {}): Tensor {
  const [out, perGroup, kernel] = weight.shape as readonly number[]
  if (x.rank !== 4 || x.channels !== perGroup! * groups) {
    throw new ShapeError('conv', `a weight for ${perGroup! * groups} channels does not fit`, x.shape, weight.shape)
  }
  const spatial = [windows(x.dim(2), kernel!, stride, padding), windows(x.dim(3), kernel!, stride, padding)]
  return node('Conv', bias ? [x, weight, bias] : [x, weight], [x.dim(0), out!, ...spatial],
    { group: groups, kernel_shape: [kernel!, kernel!], pads: Array(4).fill(padding), strides: [stride, stride] })
}

/** Max pooling over k×k windows; padding never wins. */
export function maxPool (x: Tensor, kernel: number, stride: number, padding: number): Tensor {
  const spatial = [windows(x.dim(2), kernel, stride, padding), windows(x.dim(3), kernel, stride, padding)]
  return node('MaxPool', [x], [x.dim(0), x.dim(1), ...spatial],
    { kernel_shape: [kernel, kernel], pads: Array(4).fill(padding), strides: [stride, stride] })
}

/** Mean over k×k windows; zeros that padding adds count as values. */
export function averagePool (x: Tensor, kernel: number, stride: number, padding: number): Tensor {
  const spatial = [windows(x.dim(2), kernel, stride, padding), windows(x.dim(3), kernel, stride, padding)]
  return node('AveragePool', [x], [x.dim(0), x.dim(1), ...spatial],
    { kernel_shape: [kernel, kernel], pads: Array(4).fill(padding), strides: [stride, stride], count_include_pad: 1 })
}

/** Number of kernel windows along an axis; symbolic sizes only for kernels that cover them evenly ("same" padding). */
function windows (size: Dim, kernel: number, stride: number, padding: number): Dim {
  if (isNumber(size)) return Math.floor((size + 2 * padding - kernel) / stride) + 1
  if (2 * padding === kernel - 1) return ceilDiv(size, stride)
  throw new ShapeError('conv', `kernel ${kernel} with padding ${padding} on a size known only by name`, [size])
}

/** Batch normalization with running statistics, each `[C]`. */
export function batchNorm (x: Tensor, weight: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, epsilon = 1e-5): Tensor {
  return node('BatchNormalization', [x, weight, bias, mean, variance], x.shape, { epsilon: { float: epsilon } })
}

/**
 * Batch normalization with the statistics of the batch, as in training. Both are `[C]`; the variance is biased.
 * With momentum 0, the operator's "running" outputs are the batch's own, whatever its "running" inputs are. onnxruntime writes the outputs
 * into the inputs' memory: these must not be constants, of which small equal ones share their memory, nor the parameters themselves.
 */
export function batchNormOfBatch (x: Tensor, weight: Tensor, bias: Tensor, epsilon = 1e-5): { y: Tensor, mean: Tensor, variance: Tensor } {
  const memory = [bias, weight].map(values => node('Neg', [values], [x.channels]))
  const outputs = [x.shape, [x.channels], [x.channels]].map(shape => [shape, 'float32'] as const)
  const attributes = { epsilon: { float: epsilon }, momentum: { float: 0 }, training_mode: 1 }
  const [y, mean, variance] = nodes('BatchNormalization', [x, weight, bias, ...memory], outputs, attributes) as [Tensor, Tensor, Tensor]
  return { y, mean, variance }
}

/** Mean over height and width: `[N, C, H, W]` → `[N, C]`. */
export const globalMean = (x: Tensor): Tensor =>
  node('ReduceMean', [x], x.shape.slice(0, 2), { axes: [2, 3], keepdims: 0 })

/** The same, height and width kept as axes of size 1: `[N, C, H, W]` → `[N, C, 1, 1]`. */
export const globalPool = (x: Tensor): Tensor => node('GlobalAveragePool', [x], [...x.shape.slice(0, 2), 1, 1])

/** Layer normalization over the last axis (https://arxiv.org/abs/1607.06450). x `[…, C]`, weight and bias `[C]`. */
export function layerNorm (x: Tensor, weight: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  return node('LayerNormalization', [x, weight, bias], x.shape, { axis: -1, epsilon: { float: epsilon } })
}

/**
 * Group normalization (https://arxiv.org/abs/1803.08494) over each image's groups of channels. x `[N, C, …]`, weight
 * and bias `[C]`. ONNX has it from opset 18 on; here each group is an instance of InstanceNormalization.
 */
export function groupNorm (x: Tensor, groups: number, weight: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  if (x.channels % groups !== 0) throw new ShapeError('groupNorm', `${groups} groups do not divide the channels`, x.shape)
  const shape = [x.dim(0), groups, product([x.channels / groups, ...x.shape.slice(2)])]
  const grouped = node('Reshape', [x, integers([0, groups, -1])], shape)
  const [ones, zeros] = [1, 0].map(value => floats([groups], new Float32Array(groups).fill(value))) as [Tensor, Tensor]
  const normalized = node('InstanceNormalization', [grouped, ones, zeros], shape, { epsilon: { float: epsilon } })
  const back = node('Reshape', [normalized, node('Shape', [x], [x.rank], {}, 'int64')], x.shape)
  const perChannel = (values: Tensor): Tensor => unflatten(values, [x.channels, ...x.shape.slice(2).map(() => 1)])
  return add(mul(back, perChannel(weight)), perChannel(bias))
}

/** x·weightᵀ + bias along the last axis. x `[…, in]`, weight `[out, in]` as torch.nn.Linear stores it. */
export function linear (x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  if (x.dim(-1) !== weight.dim(1)) throw new ShapeError('linear', 'inner sizes differ', x.shape, weight.shape)
  if (x.rank === 2) return node('Gemm', bias ? [x, weight, bias] : [x, weight], [x.dim(0), weight.dim(0)], { transB: 1 })
  const y = matmul(x, transpose(weight, [1, 0]))
  return bias ? add(y, bias) : y
}

/** Products of the matrices in the last two axes: `[…, n, k]`, `[…, k, m]` → `[…, n, m]`; the axes before them broadcast. */
export function matmul (a: Tensor, b: Tensor): Tensor {
  if (a.dim(-1) !== b.dim(-2)) throw new ShapeError('matmul', 'inner sizes differ', a.shape, b.shape)
  return node('MatMul', [a, b], [...broadcast('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2)), a.dim(-2), b.dim(-1)])
}

/** exp(x) over its sum along an axis. */
export function softmax (x: Tensor, axis = -1): Tensor {
  x.dim(axis) // throws if x has no such axis
  return node('Softmax', [x], x.shape, { axis })
}

export const relu = (x: Tensor): Tensor => node('Relu', [x], x.shape)
export const sigmoid = (x: Tensor): Tensor => node('Sigmoid', [x], x.shape)
export const elu = (x: Tensor): Tensor => node('Elu', [x], x.shape)
export const selu = (x: Tensor): Tensor => node('Selu', [x], x.shape)
export const erf = (x: Tensor): Tensor => node('Erf', [x], x.shape)
/** min(max(x/6 + 1/2, 0), 1), as PyTorch has it: ONNX's own default is x/5. */
export const hardSigmoid = (x: Tensor): Tensor => node('HardSigmoid', [x], x.shape, { alpha: { float: 1 / 6 } })
export const hardSwish = (x: Tensor): Tensor => node('HardSwish', [x], x.shape)
export const leakyRelu = (x: Tensor, slope: number): Tensor => node('LeakyRelu', [x], x.shape, { alpha: { float: slope } })
export const prelu = (x: Tensor, slope: Tensor): Tensor => node('PRelu', [x, slope], x.shape)
export const clip = (x: Tensor, min: Tensor, max: Tensor): Tensor => node('Clip', [x, min, max], x.shape)

export const add = (a: Tensor, b: Tensor): Tensor => node('Add', [a, b], broadcast('add', a.shape, b.shape))
export const sub = (a: Tensor, b: Tensor): Tensor => node('Sub', [a, b], broadcast('sub', a.shape, b.shape))
export const mul = (a: Tensor, b: Tensor): Tensor => node('Mul', [a, b], broadcast('mul', a.shape, b.shape))

/** The smaller of two values. */
export const min = (a: Tensor, b: Tensor): Tensor => node('Min', [a, b], broadcast('min', a.shape, b.shape), {}, a.type)
/** The larger of two values. */
export const max = (a: Tensor, b: Tensor): Tensor => node('Max', [a, b], broadcast('max', a.shape, b.shape), {}, a.type)

/** The common shape of two, axes aligned from the last, sizes equal or 1. */
function broadcast (op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1) throw new ShapeError(op, 'shapes differ', a, b)
    return x === 1 ? y : x
  })
}

/** Joins tensors along an axis. */
export function concat (tensors: readonly Tensor[], axis = 1): Tensor {
  const first = tensors[0]!
  const without = (x: Tensor): Shape => x.shape.toSpliced(axis, 1)
  for (const x of tensors) {
    if (!sameShape(without(x), without(first))) throw new ShapeError('concat', `shapes differ beside axis ${axis}`, first.shape, x.shape)
  }
  return node('Concat', tensors, first.shape.with(axis, sum(tensors.map(x => x.dim(axis)))), { axis })
}

/** Cuts a tensor into parts of given sizes along an axis. */
export function split (x: Tensor, sizes: readonly number[], axis = 1): Tensor[] {
  if (sum(sizes) !== x.dim(axis)) throw new ShapeError('split', `${sizes.join(' + ')} is not the size of axis ${axis}`, x.shape)
  return nodes('Split', [x, integers(sizes)], sizes.map(size => [x.shape.with(axis, size), x.type]), { axis })
}

/** The entries `from` (inclusive) to `to` (exclusive) along an axis. */
export function slice (x: Tensor, from: number, to: number, axis: number): Tensor {
  const size = x.dim(axis)
  const isInside = from >= 0 && from < to && (!isNumber(size) || to <= size)
  if (!isInside) throw new ShapeError('slice', `${from} … ${to} does not lie within axis ${axis}`, x.shape)
  return node('Slice', [x, integers([from]), integers([to]), integers([axis])], x.shape.with(axis, to - from), {}, x.type)
}

/** Merges adjacent axes `from … to` (inclusive) into one. Only one of the merged sizes may be symbolic. */
export function flatten (x: Tensor, from: number, to: number): Tensor {
  const shape = [...x.shape.slice(0, from), product(x.shape.slice(from, to + 1)), ...x.shape.slice(to + 1)]
  const wanted = shape.map((dim, axis) => axis < from ? 0 : axis === from ? -1 : isNumber(dim) ? dim : NaN)
  if (wanted.some(Number.isNaN)) throw new ShapeError('flatten', 'an axis after the merged ones is known only by name', x.shape)
  return node('Reshape', [x, integers(wanted)], shape, {}, x.type) // 0 keeps an axis, -1 takes what is left
}

/** Splits the last axis into several, whose sizes multiply to its size. */
export function unflatten (x: Tensor, sizes: readonly number[]): Tensor {
  if (product(sizes) !== x.dim(-1)) throw new ShapeError('unflatten', `${sizes.join(' · ')} is not the size of the last axis`, x.shape)
  const kept = x.shape.slice(0, -1)
  return node('Reshape', [x, integers([...kept.map(() => 0), ...sizes])], [...kept, ...sizes], {}, x.type)
}

/** The same values in another shape, which has no symbolic sizes. */
export function reshape (x: Tensor, shape: readonly number[]): Tensor {
  if (product(x.shape) !== product(shape)) throw new ShapeError('reshape', 'the numbers of values differ', x.shape, shape)
  return node('Reshape', [x, integers(shape)], shape, {}, x.type)
}

/** Reorders axes: output axis i is input axis `order[i]`. */
export function transpose (x: Tensor, order: readonly number[]): Tensor {
  if (order.length !== x.rank) throw new ShapeError('transpose', `an order of ${order.length} axes`, x.shape)
  return node('Transpose', [x], order.map(axis => x.dim(axis)), { perm: order }, x.type)
}

/** Picks entries along an axis: output entry i is input entry `indices[i]`. */
export function gather (x: Tensor, indices: readonly number[], axis: number): Tensor {
  const size = x.dim(axis)
  if (isNumber(size) && indices.some(i => i < 0 || i >= size)) throw new ShapeError('gather', `an index outside axis ${axis}`, x.shape)
  return node('Gather', [x, integers(indices)], x.shape.with(axis, indices.length), { axis }, x.type)
}

/**
 * Interleaves groups of channels: out[i · groups + g] = in[g · C/groups + i] (ShuffleNet, https://arxiv.org/abs/1707.01083).
 * One Gather, where exporters write Reshape, Transpose, Reshape: it needs no sizes, and copies whole planes.
 */
export function channelShuffle (x: Tensor, groups: number): Tensor {
  const perGroup = x.channels / groups
  if (!Number.isInteger(perGroup)) throw new ShapeError('channelShuffle', `${groups} groups do not divide the channels`, x.shape)
  return gather(x, Array.from({ length: x.channels }, (_, c) => (c % groups) * perGroup + Math.floor(c / groups)), 1)
}

/** Bilinear resampling of height and width by a factor, pixel centers at half integers (torch's align_corners=False). */
export function resize (x: Tensor, factor: number): Tensor {
  const shape = [x.dim(0), x.dim(1), times(x.dim(2), factor), times(x.dim(3), factor)]
  return node('Resize', [x, undefined, floats([4], Float32Array.of(1, 1, factor, factor))], shape,
    { mode: 'linear', coordinate_transformation_mode: 'half_pixel' })
}

/** Pads a tensor with zeros. `pads` int64 `[2 · rank]`: the number before each axis, then after each. */
export const pad = (x: Tensor, pads: Tensor, shape: Shape): Tensor => node('Pad', [x, pads], shape)

/** Converts to float32. */
export const toFloat = (x: Tensor): Tensor => node('Cast', [x], x.shape, { to: 1 })

/** Converts to another element type. @param code the type's number in ONNX */
export const cast = (x: Tensor, type: ElementType, code: number): Tensor => node('Cast', [x], x.shape, { to: code }, type)

/** The same value under another name. */
export const identity = (x: Tensor): Tensor => node('Identity', [x], x.shape, {}, x.type)
