import { axisOf, operator, places, range, real, stridesOf, whole, type Operator, type Value } from './value.ts'

interface Moments { readonly mean: number, readonly variance: number }

/** Groups of entries that differ only along `axes`: the first place of each, and the distances of its entries from that. */
function groups ({ dims }: Value, axes: readonly number[]): [firsts: Int32Array, steps: Int32Array] {
  const strides = stridesOf(dims)
  const along = (isIn: boolean): Int32Array =>
    places(dims.map((size, axis) => axes.includes(axis) === isIn ? range(size) : [0]), strides)
  return [along(false), along(true)]
}

function momentsOf (data: Float64Array, first: number, steps: Int32Array): Moments {
  const mean = steps.reduce((sum, step) => sum + data[first + step]!, 0) / steps.length
  return { mean, variance: steps.reduce((sum, step) => sum + (data[first + step]! - mean) ** 2, 0) / steps.length }
}

/** Normalizes each group by its own moments, then scales and shifts its entries. */
function normalized (
  x: Value, axes: readonly number[], epsilon: number, affine: (place: number) => readonly [scale: number, shift: number]
): Value {
  const data = new Float64Array(x.data.length)
  const [firsts, steps] = groups(x, axes)
  for (const first of firsts) {
    const { mean, variance } = momentsOf(x.data, first, steps)
    for (const step of steps) {
      const [scale, shift] = affine(first + step)
      data[first + step] = (x.data[first + step]! - mean) / Math.sqrt(variance + epsilon) * scale + shift
    }
  }
  return { dims: x.dims, data }
}

/** The channel of a place in memory. */
function channelOf ({ dims }: Value): (place: number) => number {
  const plane = stridesOf(dims)[1]!
  return place => Math.floor(place / plane) % dims[1]!
}

const batchNormalization = operator(([x, scale, shift, mean, variance], node) => {
  const isTraining = whole(node, 'training_mode', 0) === 1
  const epsilon = real(node, 'epsilon', 1e-5)
  const [firsts, steps] = groups(x!, range(x!.dims.length).filter(axis => axis !== 1))
  const moments = Array.from(firsts, (first, c) =>
    isTraining ? momentsOf(x!.data, first, steps) : { mean: mean!.data[c]!, variance: variance!.data[c]! })
  const channel = channelOf(x!)
  const y = x!.data.map((value, i) => {
    const c = channel(i)
    return (value - moments[c]!.mean) / Math.sqrt(moments[c]!.variance + epsilon) * scale!.data[c]! + shift!.data[c]!
  })
  const kept = real(node, 'momentum', 0.9)
  const running = (before: Value, key: keyof Moments): Value =>
    ({ dims: before.dims, data: before.data.map((old, c) => old * kept + moments[c]![key] * (1 - kept)) })
  return [{ dims: x!.dims, data: y }, running(mean!, 'mean'), running(variance!, 'variance')]
})

const instanceNormalization = operator(([x, scale, shift], node) => {
  const channel = channelOf(x!)
  return normalized(x!, range(x!.dims.length).slice(2), real(node, 'epsilon', 1e-5),
    place => [scale!.data[channel(place)]!, shift!.data[channel(place)]!])
})

/** Its further outputs are the mean and 1/σ. */
const layerNormalization: Operator = ([x, scale, shift], node) => {
  const axes = range(x!.dims.length).slice(axisOf(whole(node, 'axis', -1), x!))
  const epsilon = real(node, 'epsilon', 1e-5)
  const size = scale!.data.length
  const y = normalized(x!, axes, epsilon, place => [scale!.data[place % size]!, shift?.data[place % size] ?? 0])
  const [firsts, steps] = groups(x!, axes)
  const moments = Array.from(firsts, first => momentsOf(x!.data, first, steps))
  const dims = x!.dims.map((size, axis) => axes.includes(axis) ? 1 : size)
  const perGroup = (value: (moments: Moments) => number): Value => ({ dims, data: Float64Array.from(moments, value) })
  return [y, perGroup(({ mean }) => mean), perGroup(({ variance }) => 1 / Math.sqrt(variance + epsilon))]
}

/** exp(x) over its sum along an axis. */
const softmax = operator(([x], node) => {
  const data = new Float64Array(x!.data.length)
  const [firsts, steps] = groups(x!, [axisOf(whole(node, 'axis', -1), x!)])
  for (const first of firsts) {
    const highest = steps.reduce((max, step) => Math.max(max, x!.data[first + step]!), -Infinity)
    const sum = steps.reduce((sum, step) => sum + Math.exp(x!.data[first + step]! - highest), 0)
    for (const step of steps) data[first + step] = Math.exp(x!.data[first + step]! - highest) / sum
  }
  return { dims: x!.dims, data }
})

const logSoftmax = operator(([x], node) => {
  const data = new Float64Array(x!.data.length)
  const [firsts, steps] = groups(x!, [axisOf(whole(node, 'axis', -1), x!)])
  for (const first of firsts) {
    const highest = steps.reduce((max, step) => Math.max(max, x!.data[first + step]!), -Infinity)
    const sum = steps.reduce((sum, step) => sum + Math.exp(x!.data[first + step]! - highest), 0)
    for (const step of steps) data[first + step] = x!.data[first + step]! - highest - Math.log(sum)
  }
  return { dims: x!.dims, data }
})

export const NORMS = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LogSoftmax: logSoftmax,
  Softmax: softmax
}
