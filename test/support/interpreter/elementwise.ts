import type { Node } from '../../../nn/tensor.ts'
import { commonDims, expand, operator, real, whole, type Operator } from './value.ts'

const BOOL = 9
const FLOATS = [1, 10, 11]

const SELU_ALPHA = 1.67326319217681884765625
const SELU_GAMMA = 1.05070102214813232421875

/** A function of one number, with parameters from the node. */
const unary = (make: (node: Node) => (x: number) => number): Operator => operator(([x], node) => {
  const change = make(node)
  return { dims: x!.dims, data: x!.data.map(value => change(value)) }
})

const plain = (change: (x: number) => number): Operator => unary(() => change)

/** A function of two numbers, joined over any number of inputs that broadcast. */
const joined = (join: (a: number, b: number) => number): Operator => operator(inputs => inputs.reduce((a, b) => {
  const dims = commonDims([a.dims, b.dims])
  const other = expand(b, dims).data
  return { dims, data: expand(a, dims).data.map((value, i) => join(value, other[i]!)) }
}))

const holds = (condition: (a: number, b: number) => boolean): Operator => joined((a, b) => Number(condition(a, b)))

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high)
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const roundToEven = (x: number): number => Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)

/** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, all of one sign. */
function erf (x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let sum = 0
  for (let n = 0, term = x; Math.abs(term) > 1e-18 * Math.abs(sum); term *= 2 * x * x / (2 * ++n + 1)) sum += term
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum
}

const where = operator(([condition, a, b]) => {
  const dims = commonDims([condition!.dims, a!.dims, b!.dims])
  const [test, yes, no] = [condition!, a!, b!].map(x => expand(x, dims).data) as [Float64Array, Float64Array, Float64Array]
  return { dims, data: test.map((holds, i) => holds !== 0 ? yes[i]! : no[i]!) }
})

const clip: Operator = ([x, min, max]) => {
  const [low, high] = [min?.data[0] ?? -Infinity, max?.data[0] ?? Infinity]
  return { dims: x!.dims, data: x!.data.map(value => clamp(value, low, high)) }
}

const cast = unary(node => {
  const to = whole(node, 'to', 1)
  if (to === BOOL) return x => Number(x !== 0)
  return FLOATS.includes(to) ? x => x : Math.trunc
})

/** NaN compares as not equal to itself. */
const isNaN = plain(x => Number(Number.isNaN(x)))

export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  Abs: plain(Math.abs),
  Add: joined((a, b) => a + b),
  And: holds((a, b) => a !== 0 && b !== 0),
  Cast: cast,
  Ceil: plain(Math.ceil),
  Clip: clip,
  Div: joined((a, b) => a / b),
  Elu: unary(node => { const alpha = real(node, 'alpha', 1); return x => x > 0 ? x : alpha * Math.expm1(x) }),
  Equal: holds((a, b) => a === b),
  Erf: plain(erf),
  Exp: plain(Math.exp),
  Floor: plain(Math.floor),
  Greater: holds((a, b) => a > b),
  GreaterOrEqual: holds((a, b) => a >= b),
  HardSigmoid: unary(node => {
    const [alpha, beta] = [real(node, 'alpha', 0.2), real(node, 'beta', 0.5)]
    return x => clamp(alpha * x + beta, 0, 1)
  }),
  HardSwish: plain(x => x * clamp(x / 6 + 0.5, 0, 1)),
  Identity: operator(([x]) => x!),
  IsNaN: isNaN,
  LeakyRelu: unary(node => { const alpha = real(node, 'alpha', 0.01); return x => x < 0 ? alpha * x : x }),
  Less: holds((a, b) => a < b),
  LessOrEqual: holds((a, b) => a <= b),
  Log: plain(Math.log),
  Max: joined(Math.max),
  Min: joined(Math.min),
  Mul: joined((a, b) => a * b),
  Neg: plain(x => -x),
  Not: plain(x => Number(x === 0)),
  Or: holds((a, b) => a !== 0 || b !== 0),
  PRelu: joined((x, slope) => x < 0 ? slope * x : x),
  Pow: joined((a, b) => a ** b),
  Reciprocal: plain(x => 1 / x),
  Relu: plain(x => Math.max(x, 0)),
  Round: plain(roundToEven),
  Selu: unary(node => {
    const [alpha, gamma] = [real(node, 'alpha', SELU_ALPHA), real(node, 'gamma', SELU_GAMMA)]
    return x => gamma * (x > 0 ? x : alpha * Math.expm1(x))
  }),
  Sigmoid: plain(sigmoid),
  Sign: plain(Math.sign),
  Softplus: plain(softplus),
  Sqrt: plain(Math.sqrt),
  Sub: joined((a, b) => a - b),
  Sum: joined((a, b) => a + b),
  Tanh: plain(Math.tanh),
  Where: where,
  Xor: holds((a, b) => (a !== 0) !== (b !== 0))
}
