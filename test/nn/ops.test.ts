import t, { type Test } from 'tap'
import { ShapeError } from '../../nn/errors.ts'
import * as op from '../../nn/ops.ts'
import { floats, input, scalar, type Tensor } from '../../nn/tensor.ts'
import { interpret } from '../support/interpreter.ts'
import { maxDifference, run } from '../support/run.ts'
import { seededFloats } from '../support/seeded.ts'

const image = { dims: [2, 4, 5, 6], data: seededFloats('image', 2 * 4 * 5 * 6, u => 4 * u - 2) }
const x = input('x', image.dims)

/** Runs one operator over the image, and holds shape and values against a loop over output positions. */
async function equals (t: Test, y: Tensor, dims: number[], value: (at: number[]) => number) {
  t.same(y.shape, dims)
  const { y: result } = await run({ y }, { x: image })
  t.same(result!.dims, dims)
  t.ok(maxDifference(result!.data, positions(dims).map(value)) < 1e-5)
}

/** All index vectors of a shape, row-major. */
const positions = (dims: readonly number[]): number[][] =>
  dims.reduce<number[][]>((all, size) => all.flatMap(at => Array.from({ length: size }, (_, i) => [...at, i])), [[]])

const index = (dims: readonly number[], at: readonly number[]): number => dims.reduce((i, size, axis) => i * size + at[axis]!, 0)

/** A value of the image; 0 (or `outside`) beyond its edges. */
function pixel (n: number, c: number, y: number, x: number, outside = 0): number {
  return y < 0 || x < 0 || y >= 5 || x >= 6 ? outside : image.data[index(image.dims, [n, c, y, x])]!
}

for (const { groups, stride, kernel, padding } of [
  { groups: 1, stride: 1, kernel: 3, padding: 1 }, { groups: 2, stride: 2, kernel: 3, padding: 1 },
  { groups: 4, stride: 1, kernel: 5, padding: 2 }, { groups: 1, stride: 1, kernel: 1, padding: 0 },
  { groups: 1, stride: 2, kernel: 2, padding: 0 }
]) {
  t.test(`conv ${kernel}×${kernel}, stride ${stride}, ${groups} groups`, async t => {
    const shape = [8, 4 / groups, kernel, kernel]
    const weight = seededFloats('weight', 8 * (4 / groups) * kernel * kernel, u => u - 0.5)
    const bias = seededFloats('bias', 8, u => u)
    const y = op.conv(x, floats(shape, weight), floats([8], bias), { stride, padding, groups })
    const size = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1
    await equals(t, y, [2, 8, size(5), size(6)], ([n, o, row, column]) => {
      const first = Math.floor(o! / (8 / groups)) * (4 / groups)
      return positions(shape.slice(1)).reduce((sum, [c, dy, dx]) => sum + weight[index(shape, [o!, c!, dy!, dx!])]! *
        pixel(n!, first + c!, row! * stride + dy! - padding, column! * stride + dx! - padding), bias[o!]!)
    })
  })
}

t.test('maxPool', t => equals(t, op.maxPool(x, 3, 2, 1), [2, 4, 3, 3], ([n, c, row, column]) =>
  Math.max(...positions([3, 3]).map(([dy, dx]) => pixel(n!, c!, row! * 2 + dy! - 1, column! * 2 + dx! - 1, -Infinity)))))

t.test('averagePool counts the padding', t => equals(t, op.averagePool(x, 3, 2, 1), [2, 4, 3, 3], ([n, c, row, column]) =>
  positions([3, 3]).reduce((sum, [dy, dx]) => sum + pixel(n!, c!, row! * 2 + dy! - 1, column! * 2 + dx! - 1), 0) / 9))

t.test('batchNorm', t => {
  const [weight, bias, mean, variance] = ['weight', 'bias', 'mean', 'variance'].map(name => seededFloats(name, 4, u => u + 0.5))
  const y = op.batchNorm(x, floats([4], weight!), floats([4], bias!), floats([4], mean!), floats([4], variance!), 1e-3)
  return equals(t, y, image.dims, ([n, c, row, column]) =>
    (pixel(n!, c!, row!, column!) - mean![c!]!) / Math.sqrt(variance![c!]! + 1e-3) * weight![c!]! + bias![c!]!)
})

t.test('batchNormOfBatch: each norm has its own statistics, however small and alike', async t => {
  const [ones, zeros] = [1, 0].map(value => floats([4], new Float32Array(4).fill(value))) as [Tensor, Tensor]
  const first = op.batchNormOfBatch(op.add(x, scalar(3)), ones, zeros)
  const second = op.batchNormOfBatch(op.mul(first.y, scalar(5)), ones, zeros, 1)
  const outputs = { mean: first.mean, variance: first.variance, y: second.y, mean2: second.mean, variance2: second.variance }
  const found = await run(outputs, { x: image })
  interpret(Object.values(outputs), new Map([['x', image.data]])).forEach(({ data }, i) =>
    t.ok(maxDifference(data, Object.values(found)[i]!.data) < 1e-4, Object.keys(outputs)[i]!))
})

t.test('globalMean', t => equals(t, op.globalMean(x), [2, 4], ([n, c]) =>
  positions([5, 6]).reduce((sum, [row, column]) => sum + pixel(n!, c!, row!, column!), 0) / 30))

t.test('globalPool', t => equals(t, op.globalPool(x), [2, 4, 1, 1], ([n, c]) =>
  positions([5, 6]).reduce((sum, [row, column]) => sum + pixel(n!, c!, row!, column!), 0) / 30))

t.test('hardSigmoid', t => equals(t, op.hardSigmoid(op.mul(x, scalar(3))), image.dims, ([n, c, row, column]) =>
  Math.min(Math.max(pixel(n!, c!, row!, column!) / 2 + 0.5, 0), 1)))

t.test('linear', t => {
  const weight = seededFloats('weight', 3 * 4, u => u - 0.5)
  const y = op.linear(op.globalMean(x), floats([3, 4], weight), floats([3], Float32Array.of(1, 2, 3)))
  const mean = (n: number, c: number) => positions([5, 6]).reduce((sum, [row, column]) => sum + pixel(n, c, row!, column!), 0) / 30
  return equals(t, y, [2, 3], ([n, o]) => [0, 1, 2, 3].reduce((sum, c) => sum + weight[o! * 4 + c]! * mean(n!, c), o! + 1))
})

t.test('linear without a bias', t => {
  const y = op.linear(op.globalMean(x), floats([1, 4], Float32Array.of(1, 0, 0, 0)))
  return equals(t, y, [2, 1], ([n]) => positions([5, 6]).reduce((sum, [row, column]) => sum + pixel(n!, 0, row!, column!), 0) / 30)
})

t.test('linear along the last of several axes', t => {
  const weight = seededFloats('weight', 3 * 6, u => u - 0.5)
  const y = op.linear(x, floats([3, 6], weight), floats([3], Float32Array.of(1, 2, 3)))
  return equals(t, y, [2, 4, 5, 3], ([n, c, row, o]) =>
    [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + weight[o! * 6 + i]! * pixel(n!, c!, row!, i), o! + 1))
})

t.test('matmul, a matrix for each of the images', t => {
  const weight = seededFloats('weight', 2 * 6 * 3, u => u - 0.5)
  return equals(t, op.matmul(x, floats([2, 1, 6, 3], weight)), [2, 4, 5, 3], ([n, c, row, o]) =>
    [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + weight[(n! * 6 + i) * 3 + o!]! * pixel(n!, c!, row!, i), 0))
})

t.test('softmax', t => equals(t, op.softmax(x), image.dims, ([n, c, row, column]) =>
  Math.exp(pixel(n!, c!, row!, column!)) / [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + Math.exp(pixel(n!, c!, row!, i)), 0)))

/** How far a value is from the mean of others, in standard deviations. */
const standard = (value: number, others: number[], epsilon: number): number => {
  const mean = others.reduce((sum, other) => sum + other, 0) / others.length
  return (value - mean) / Math.sqrt(others.reduce((sum, other) => sum + (other - mean) ** 2, 0) / others.length + epsilon)
}

t.test('layerNorm', t => {
  const [weight, bias] = ['weight', 'bias'].map(name => seededFloats(name, 6, u => u + 0.5))
  return equals(t, op.layerNorm(x, floats([6], weight!), floats([6], bias!), 1e-3), image.dims, ([n, c, row, column]) =>
    standard(pixel(n!, c!, row!, column!), [0, 1, 2, 3, 4, 5].map(i => pixel(n!, c!, row!, i)), 1e-3) * weight![column!]! + bias![column!]!)
})

t.test('groupNorm', async t => {
  const [weight, bias] = ['weight', 'bias'].map(name => seededFloats(name, 4, u => u + 0.5))
  const norm = (x: Tensor): Tensor => op.groupNorm(x, 2, floats([4], weight!), floats([4], bias!), 1e-3)
  const expected = ([n, c, row, column]: number[]): number => {
    const group = positions([2, 5, 6]).map(([i, y, x]) => pixel(n!, Math.floor(c! / 2) * 2 + i!, y!, x!))
    return standard(pixel(n!, c!, row!, column!), group, 1e-3) * weight![c!]! + bias![c!]!
  }
  await equals(t, norm(x), image.dims, expected)
  const { y } = await run({ y: norm(input('x', ['N', 4, 'H', 'W'])) }, { x: image })
  t.ok(maxDifference(y!.data, positions(image.dims).map(expected)) < 1e-5, 'sizes may be known only by name')
})

t.test('unflatten undoes flatten', t => equals(t, op.unflatten(op.flatten(x, 2, 3), [5, 2, 3]), [2, 4, 5, 2, 3], ([n, c, row, i, k]) =>
  pixel(n!, c!, row!, i! * 3 + k!)))

t.test('add, sub and mul broadcast', async t => {
  const perChannel = floats([1, 4, 1, 1], Float32Array.of(1, 2, 3, 4))
  const at = ([n, c, row, column]: number[]): number => pixel(n!, c!, row!, column!)
  await equals(t, op.add(x, perChannel), image.dims, p => at(p) + p[1]! + 1)
  await equals(t, op.sub(x, scalar(3)), image.dims, p => at(p) - 3)
  await equals(t, op.mul(perChannel, x), image.dims, p => at(p) * (p[1]! + 1))
})

t.test('min and max broadcast', async t => {
  const limits = Float32Array.of(-2, -1, 0, 0, 1, 2)
  const at = ([n, c, row, column]: number[]): number => pixel(n!, c!, row!, column!)
  await equals(t, op.min(x, floats([6], limits)), image.dims, p => Math.min(at(p), limits[p[3]!]!))
  await equals(t, op.max(x, scalar(0.5)), image.dims, p => Math.max(at(p), 0.5))
})

t.test('matmul of the last two axes', async t => {
  const weight = seededFloats('weight', 6 * 3, u => u - 0.5)
  const along = [0, 1, 2, 3, 4, 5]
  await equals(t, op.matmul(x, floats([6, 3], weight)), [2, 4, 5, 3], ([n, c, row, column]) =>
    along.reduce((sum, i) => sum + pixel(n!, c!, row!, i) * weight[i * 3 + column!]!, 0))
  await equals(t, op.matmul(x, op.transpose(x, [0, 1, 3, 2])), [2, 4, 5, 5], ([n, c, row, column]) =>
    along.reduce((sum, i) => sum + pixel(n!, c!, row!, i) * pixel(n!, c!, column!, i), 0))
})

t.test('softmax', t => equals(t, op.softmax(x, 1), image.dims, ([n, c, row, column]) => {
  const masses = [0, 1, 2, 3].map(c => Math.exp(pixel(n!, c, row!, column!)))
  return masses[c!]! / masses.reduce((a, b) => a + b)
}))

t.test('reshape', t => equals(t, op.reshape(x, [8, 30]), [8, 30], ([i, k]) => image.data[i! * 30 + k!]!))

t.test('concat and split', async t => {
  const [left, right] = op.split(x, [1, 3]) as [Tensor, Tensor]
  await equals(t, op.concat([right, left]), image.dims, ([n, c, row, column]) => pixel(n!, (c! + 1) % 4, row!, column!))
})

t.test('slice', t => equals(t, op.slice(x, 1, 3, 1), [2, 2, 5, 6], ([n, c, row, column]) => pixel(n!, c! + 1, row!, column!)))

t.test('flatten and transpose', t => equals(t, op.transpose(op.flatten(x, 2, 3), [0, 2, 1]), [2, 30, 4], ([n, i, c]) =>
  pixel(n!, c!, Math.floor(i! / 6), i! % 6)))

t.test('channelShuffle', t => equals(t, op.channelShuffle(x, 2), image.dims, ([n, c, row, column]) =>
  pixel(n!, (c! % 2) * 2 + Math.floor(c! / 2), row!, column!)))

t.test('resize, doubled', t => {
  const near = (i: number, size: number): [low: number, high: number, share: number] => {
    const place = Math.min(Math.max((i + 0.5) / 2 - 0.5, 0), size - 1)
    return [Math.floor(place), Math.min(Math.floor(place) + 1, size - 1), place % 1]
  }
  return equals(t, op.resize(x, 2), [2, 4, 10, 12], ([n, c, row, column]) => {
    const [top, bottom, down] = near(row!, 5)
    const [left, right, across] = near(column!, 6)
    const blend = (y: number): number => pixel(n!, c!, y, left) * (1 - across) + pixel(n!, c!, y, right) * across
    return blend(top) * (1 - down) + blend(bottom) * down
  })
})

t.test('resize, halved, is the mean of 2×2', async t => {
  const [even] = op.split(x, [4, 1], 2)
  await equals(t, op.resize(even!, 0.5), [2, 4, 2, 3], ([n, c, row, column]) =>
    positions([2, 2]).reduce((sum, [dy, dx]) => sum + pixel(n!, c!, row! * 2 + dy!, column! * 2 + dx!), 0) / 4)
})

t.test('toFloat of bytes', async t => {
  const bytes = input('bytes', [1, 256], 'uint8')
  const data = Uint8Array.from({ length: 256 }, (_, i) => i)
  const { y } = await run({ y: op.toFloat(bytes) }, { bytes: { dims: [1, 256], data } })
  t.same([...y!.data], [...data])
})

t.test('sizes known only by name', async t => {
  const named = input('x', ['N', 4, 'H', 'W'])
  const weight = floats([4, 1, 3, 3], new Float32Array(36).fill(1))
  const halved = (x: Tensor): Tensor => op.conv(x, weight, undefined, { stride: 2, padding: 1, groups: 4 })
  const down = halved(halved(named))
  t.same(down.shape, ['N', 4, 'H/4', 'W/4'])
  t.same(op.resize(down, 2).shape, ['N', 4, 'H/2', 'W/2'])
  const y = op.flatten(op.channelShuffle(down, 2), 2, 3)
  t.same(y.shape, ['N', 4, 'H/4*W/4'])
  const { y: result } = await run({ y }, { x: image })
  t.same(result!.dims, [2, 4, 4])
})

t.test('calls that do not fit fail at once', async t => {
  const weight = floats([8, 3, 3, 3], new Float32Array(216))
  t.throws(() => op.conv(x, weight), new ShapeError('conv', 'a weight for 3 channels does not fit', [2, 4, 5, 6], [8, 3, 3, 3]))
  t.throws(() => op.conv(input('x', ['N', 3, 'H', 'W']), weight), { message: /known only by name/ })
  t.throws(() => op.add(x, floats([3], new Float32Array(3))), { message: /^add: / })
  t.throws(() => op.concat([x, op.resize(x, 2)]), { message: /^concat: / })
  t.throws(() => op.split(x, [2, 3]), { message: /^split: / })
  t.throws(() => op.slice(x, 2, 5, 1), { message: /^slice: 2 … 5 does not lie within axis 1/ })
  t.throws(() => op.channelShuffle(x, 3), { message: /^channelShuffle: / })
  t.throws(() => op.gather(x, [4], 1), { message: /^gather: / })
  t.throws(() => op.transpose(x, [0, 1]), { message: /^transpose: / })
  t.throws(() => op.flatten(input('x', [1, 2, 3, 'W']), 1, 2), { message: /^flatten: / })
  t.throws(() => op.linear(op.globalMean(x), floats([3, 5], new Float32Array(15)), scalar(0)), { message: /^linear: / })
  t.throws(() => op.matmul(x, x), { message: /^matmul: / })
  t.throws(() => op.unflatten(x, [2, 2]), { message: /^unflatten: / })
  t.throws(() => op.groupNorm(x, 3, scalar(1), scalar(0)), { message: /^groupNorm: 3 groups do not divide / })
  t.throws(() => op.matmul(x, input('y', [3, 4, 6, 5])), { message: /^matmul: / })
  t.throws(() => op.softmax(x, 4), { message: /^dim: / })
  t.throws(() => op.reshape(x, [2, 4, 31]), { message: /^reshape: / })
  t.throws(() => x.dim(4), { message: /^dim: / })
  t.throws(() => input('x', [1, 'C']).channels, { message: /^channels: / })
})
