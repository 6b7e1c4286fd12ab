/** Holds the float64 interpreter, which judges operators and gradients, against onnxruntime. */
import t from 'tap'
import { UNKNOWN_SHAPE } from '../nn/dim.ts'
import { node, nodes } from '../nn/node.ts'
import * as op from '../nn/ops.ts'
import { floats, input, integers, scalar, type Attribute, type ElementType, type Tensor } from '../nn/tensor.ts'
import { interpret, OPERATORS, valuesAfter, valuesOf } from './support/interpreter.ts'
import { maxDifference, run } from './support/run.ts'
import { seededFloats } from './support/seeded.ts'

const DIMS = [2, 4, 5, 6]
const image = seededFloats('image', 240, u => 4 * u - 2)
const x = input('x', DIMS)

type Attributes = Readonly<Record<string, Attribute>>
type Inputs = ReadonlyArray<Tensor | undefined>

const random = (dims: number[], map = (u: number) => u - 0.4): Tensor =>
  floats(dims, seededFloats(String(dims), dims.reduce((a, b) => a * b, 1), map))
const apply = (name: string, inputs: Inputs, attributes: Attributes = {}, type?: ElementType): Tensor =>
  node(name, inputs, UNKNOWN_SHAPE, attributes, type)
const first = ([y]: Tensor[]): Tensor => y!
/** An operator that makes or takes truth values, in floats. */
const logic = (name: string, ...inputs: Tensor[]): Tensor => op.toFloat(apply(name, inputs, {}, 'bool'))

const bounded = op.clip(x, scalar(-0.9), scalar(0.9))
const positive = apply('Exp', [bounded])
const whole = apply('Round', [x])
const [left, right] = ['Greater', 'Less'].map(name => apply(name, [whole, scalar(0)], {}, 'bool')) as [Tensor, Tensor]
const perChannel = ['scale', 'shift', 'mean', 'variance'].map(name => floats([4], seededFloats(name, 4, u => u + 0.5)))
const windows = { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 2, 1] }
const picked = floats([2, 4, 5, 3], seededFloats('picked', 120, u => Math.floor(u * 6)))
const indices = op.cast(picked, 'int64', 7)
const scatter = (reduction: string): Tensor => apply('ScatterElements', [x, indices, picked], { axis: 3, reduction })
const resize = (scales: number[], attributes: Attributes): Tensor =>
  apply('Resize', [x, undefined, floats([4], Float32Array.of(1, 1, ...scales))], attributes)
const linear = (name: string): Attributes => ({ mode: 'linear', coordinate_transformation_mode: name })
const nearest = (name: string): Attributes => ({ coordinate_transformation_mode: 'asymmetric', nearest_mode: name })
const reduced = (name: string): Tensor[] => [
  apply(name, [x], { axes: [1, -1] }), apply(name, [x], { axes: [0], keepdims: 0 }), apply(name, [x])
]
const alike = (names: string[], of: Tensor): Record<string, Tensor[]> => Object.fromEntries(names.map(name => [name, [apply(name, [of])]]))
const pairs = (names: string[], b: Tensor): Record<string, Tensor[]> =>
  Object.fromEntries(names.map(name => [name, [apply(name, [x, b]), apply(name, [random([3, 1]), random([4])])]]))

/** Applications of every operator, over the input or constants. */
const CASES: Readonly<Record<string, Tensor[]>> = {
  ...alike(['Abs', 'Ceil', 'Elu', 'Erf', 'Exp', 'Floor', 'HardSigmoid', 'HardSwish', 'Identity', 'LeakyRelu', 'Neg', 'Relu', 'Round'], x),
  ...alike(['Selu', 'Sigmoid', 'Sign', 'Softplus', 'Tanh', 'GlobalAveragePool'], x),
  ...alike(['Log', 'Reciprocal', 'Sqrt'], positive),
  ...pairs(['Add', 'Div', 'Max', 'Min', 'Mul', 'Sub'], random([4, 1, 6])),
  ...Object.fromEntries(['ReduceL2', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceSumSquare'].map(name => [name, reduced(name)])),
  ...Object.fromEntries(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map(name => [name, [logic(name, whole, scalar(1))]])),
  ...Object.fromEntries(['And', 'Or', 'Xor'].map(name => [name, [logic(name, left, right)]])),
  ArgMax: [
    apply('ArgMax', [x], { axis: 1 }, 'int64'), apply('ArgMax', [x], { axis: -1, keepdims: 0 }, 'int64'), apply('ArgMax', [whole], {}, 'int64')
  ],
  AveragePool: [apply('AveragePool', [x], windows), apply('AveragePool', [x], { ...windows, count_include_pad: 1 })],
  BatchNormalization: [
    apply('BatchNormalization', [x, ...perChannel], { epsilon: { float: 1e-3 } }),
    ...Object.values(op.batchNormOfBatch(x, perChannel[0]!, perChannel[1]!)),
    ...nodes('BatchNormalization', [x, ...perChannel], Array(3).fill([UNKNOWN_SHAPE, 'float32']), { training_mode: 1 })
  ],
  Cast: [op.toFloat(op.cast(x, 'int64', 7)), op.toFloat(op.cast(whole, 'bool', 9))],
  Clip: [bounded, apply('Clip', [x, undefined, scalar(0)]), apply('Clip', [x, scalar(0)])],
  Concat: [op.concat([x, random([2, 3, 5, 6]), x]), apply('Concat', [x, random([2, 4, 5, 1])], { axis: -1 })],
  ConstantOfShape: [
    apply('ConstantOfShape', [integers([2, 3])]), apply('ConstantOfShape', [integers([4])], { value: floats([1], Float32Array.of(2.5)) })
  ],
  Conv: [
    apply('Conv', [x, random([6, 4, 3, 2]), random([6])], windows), apply('Conv', [x, random([6, 2, 1, 3])], { group: 2, dilations: [1, 2] }),
    apply('Conv', [x, random([4, 1, 3, 3])], { group: 4, pads: [1, 1, 1, 1] })
  ],
  ConvTranspose: [
    apply('ConvTranspose', [x, random([4, 3, 3, 2]), random([3])], { ...windows, output_padding: [1, 0] }),
    apply('ConvTranspose', [x, random([4, 3, 2, 3])], { group: 2, dilations: [2, 1] })
  ],
  Expand: [apply('Expand', [random([4, 1, 3]), integers([2, 1, 5, 1])])],
  Flatten: [apply('Flatten', [x]), apply('Flatten', [x], { axis: -1 })],
  Gather: [op.gather(x, [2, 0, 2], 1), apply('Gather', [x, op.reshape(integers([1, -1, 0, 2]), [2, 2])], { axis: -1 })],
  GatherElements: [apply('GatherElements', [x, indices], { axis: -1 })],
  Gemm: [
    apply('Gemm', [random([3, 4]), random([4, 5]), random([5])], { alpha: { float: 0.5 }, beta: { float: 2 } }),
    apply('Gemm', [random([4, 3]), random([5, 4])], { transA: 1, transB: 1 })
  ],
  InstanceNormalization: [apply('InstanceNormalization', [x, ...perChannel.slice(2)], { epsilon: { float: 1e-3 } })],
  IsNaN: [logic('IsNaN', apply('Log', [x]))],
  LayerNormalization: [
    op.layerNorm(x, random([6]), random([6])),
    ...nodes('LayerNormalization', [x, random([5, 6])], Array(3).fill([UNKNOWN_SHAPE, 'float32']), { axis: 2, epsilon: { float: 1e-3 } })
  ],
  LogSoftmax: [apply('LogSoftmax', [x]), apply('LogSoftmax', [x], { axis: 1 })],
  MatMul: [apply('MatMul', [x, random([6, 3])]), apply('MatMul', [random([5, 1, 2, 4]), random([3, 4, 2])])],
  MaxPool: nodes('MaxPool', [x], [[UNKNOWN_SHAPE, 'float32'], [UNKNOWN_SHAPE, 'int64']], windows),
  Not: [logic('Not', left)],
  OneHot: ['axis', 'none'].map(axis => apply('OneHot', [integers([1, 3, -1]), integers([4]), random([2])], axis === 'axis' ? { axis: 0 } : {})),
  Pad: [
    apply('Pad', [x, integers([0, 0, 1, -2, 0, 0, 2, 3])]), apply('Pad', [x, integers([0, 1, 0, 0, 0, 0, 0, 0]), scalar(7)]),
    apply('Pad', [x, integers([0, 0, 1, 2, 0, 0, 2, 3])], { mode: 'edge' })
  ],
  Pow: [apply('Pow', [positive, random([6])]), apply('Pow', [x, scalar(2)])],
  PRelu: [op.prelu(x, random([1])), op.prelu(x, random([4, 1, 1]))],
  ReduceSum: [
    apply('ReduceSum', [x, integers([1, -1])]), apply('ReduceSum', [x, integers([0])], { keepdims: 0 }), apply('ReduceSum', [x]),
    apply('ReduceSum', [x, integers([])], { noop_with_empty_axes: 1 })
  ],
  Reshape: [op.reshape(x, [8, 30]), apply('Reshape', [x, integers([0, -1, 3])])],
  Resize: [
    ...['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'].map(name => resize([2, 0.5], linear(name))),
    ...['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'].map(name => resize([2, 0.5], nearest(name))), resize([1, 2], {}),
    apply('Resize', [x, undefined, undefined, integers([2, 4, 7, 1])], { mode: 'linear' })
  ],
  ScatterElements: [scatter('add'), scatter('mul'), apply('ScatterElements', [x, integers([1, -1]), random([2])].map(x =>
    x.rank === 1 ? op.reshape(x, [2, 1, 1, 1]) : x), { axis: 2 })],
  Shape: [apply('Shape', [x], {}, 'int64')],
  Slice: [
    op.slice(x, 1, 3, 1), apply('Slice', [x, integers([-1, 1]), integers([-9, 100]), integers([3, 2]), integers([-2, 3])]),
    apply('Slice', [x, integers([1]), integers([-1])])
  ],
  Softmax: [op.softmax(x), op.softmax(x, 1)],
  Split: [...op.split(x, [1, 3]), ...nodes('Split', [x], Array(2).fill([UNKNOWN_SHAPE, 'float32']), { axis: 3 })],
  Squeeze: [apply('Squeeze', [random([1, 3, 1]), integers([-1])]), apply('Squeeze', [random([1, 3, 1])])],
  Sum: [apply('Sum', [x, random([4, 1, 1]), random([6])])],
  Tile: [apply('Tile', [x, integers([1, 2, 1, 3])])],
  Transpose: [op.transpose(x, [2, 0, 3, 1]), apply('Transpose', [x])],
  Unsqueeze: [apply('Unsqueeze', [x, integers([0, -1])])],
  Where: [apply('Where', [left, x, random([6])])]
}

t.test('the cases cover every operator', async t => t.same(Object.keys(CASES).sort(), Object.keys(OPERATORS).sort()))

t.test('every operator has onnxruntime\'s values', async t => {
  for (const [name, outputs] of Object.entries(CASES)) {
    const expected = Object.values(await run(Object.fromEntries(outputs.map((y, i) => [i, y])), { x: { dims: DIMS, data: image } }))
    for (const [i, { dims, data }] of interpret(outputs, new Map([['x', image]])).entries()) {
      t.same(dims, expected[i]!.dims, `${name} ${i}`)
      const scale = data.reduce((max, value) => Math.max(max, Math.abs(value)), 1)
      t.ok(maxDifference(data, expected[i]!.data) < 1e-5 * scale, `${name} ${i}`)
    }
  }
})

t.test('after changes, only what depends on them is computed again', async t => {
  const [scale, bias] = [random([4, 1, 1]), random([6])]
  const inner = op.mul(x, scale)
  const y = first(op.split(op.add(inner, bias), [1, 3]))
  const before = valuesOf([y], new Map([['x', image]]))
  const changed = { dims: [6], data: new Float64Array(6).fill(1) }
  const [after] = valuesAfter([y], before, new Map([[bias, changed]]))
  t.ok(maxDifference(after!.data, before.get(inner)!.data.filter((_, i) => Math.floor(i / 30) % 4 === 0).map(value => value + 1)) < 1e-12)
  const zeros = { dims: DIMS, data: new Float64Array(240) }
  const [shift] = valuesAfter([y], before, new Map([[inner, zeros], [scale, { dims: [4, 1, 1], data: new Float64Array(4) }]]))
  t.same([...shift!.data.slice(0, 6)], [...before.get(bias)!.data], 'a changed tensor keeps its value')
  t.same(valuesAfter([y], before, new Map([[random([1]), zeros]])), [before.get(y)])
})

t.test('what it can\'t run is an error', async t => {
  t.throws(() => interpret([apply('Einsum', [x])], new Map([['x', image]])), { message: 'the interpreter has no Einsum' })
  t.throws(() => interpret([x]), { message: 'no value for x' })
  t.throws(() => interpret([x], new Map([['x', [1, 2]]])), { message: /^2 numbers for a shape of \[2, 4, 5, 6\]$/ })
  t.throws(() => interpret([apply('Add', [x, random([5])])], new Map([['x', image]])), { message: /^shapes differ/ })
  t.same(interpret([input('named', ['N'])], new Map([['named', { dims: [1], data: Float64Array.of(3) }]])), [{ dims: [1], data: Float64Array.of(3) }])
})
