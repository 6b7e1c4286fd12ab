/** Holds gradient graphs against central differences. */
import type { Test } from 'tap'
import { gradients, type GradientOptions } from '../../nn/gradients/gradients.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import { floats, type Tensor } from '../../nn/tensor.ts'
import { valuesAfter, valuesOf, type Value } from './interpreter.ts'
import { run } from './run.ts'
import { seeded, seededFloats } from './seeded.ts'

const EPSILON = 1e-6
/** Maximum difference, relative to the larger of the derivative and what the gradient's root mean square leads to expect. */
const TOLERANCE = 1e-3
/** A derivative is zero but for rounding if it is smaller than this share of the other tensors'. */
const ZERO = 1e-7

export interface GradientCheckOptions extends GradientOptions {
  /** Values of inputs by name; by default seeded: −2 … 2, or bytes. */
  readonly feeds?: Readonly<Record<string, Float32Array | Uint8Array>>
  /** Names of tensors whose gradient is exactly zero: what only shifts or scales the input of a norm, for example. */
  readonly zeros?: readonly string[]
  /** Number of single entries of each tensor that are checked, in addition to a direction along all of them. */
  readonly entries?: number
}

/** Errors of the derivatives that were checked, relative as the tolerance is. */
export interface Accuracy { readonly worst: number, readonly median: number, readonly count: number }

/** A derivative along a direction in a tensor. */
interface Derivative {
  readonly name: string
  /** By differences in float64. */
  readonly expected: number
  /** By the gradient graph in onnxruntime's float32. */
  readonly found: number
  /** Root mean square of the tensor's gradient. */
  readonly rms: number
  /** Length of the direction. */
  readonly length: number
}

/**
 * Holds the gradients of Σ outputs · weights, the weights being seeded numbers, as onnxruntime computes them, against central
 * differences in float64: for every tensor of `wrt`, be it an input, a constant or an inner one, along a seeded direction and for
 * seeded entries.
 */
export async function checkGradients (
  t: Test, outputs: readonly Tensor[], wrt: Readonly<Record<string, Tensor>>,
  { feeds, zeros = [], entries = 1, ...options }: GradientCheckOptions = {}
): Promise<Accuracy> {
  const weights = outputs.map((x, i) => floats(x.shape, seededFloats(`weights ${i}`, countOf(x), u => 2 * u - 1)))
  const fed = new Map(inputsOf(outputs).map(x => [nameOf(x), { dims: x.shape as number[], data: feeds?.[nameOf(x)] ?? seededValues(x) }]))
  const graph = gradients(outputs, weights, Object.values(wrt), options)
  const found = await run(Object.fromEntries(Object.keys(wrt).map((name, i) => [`gradient/${name}`, graph[i]!])), Object.fromEntries(fed))
  const before = valuesOf(outputs, new Map([...fed].map(([name, { data }]) => [name, data])))
  const loss = (changes: ReadonlyMap<Tensor, Value>): number =>
    valuesAfter(outputs, before, changes).reduce((sum, { data }, i) => sum + dot(data, dataOf(weights[i]!)), 0)
  const derivatives = Object.entries(wrt).flatMap(([name, x]) => {
    const { dims, data } = found[`gradient/${name}`]!
    t.same(dims, x.shape, name)
    return directions(name, data.length, entries).map((direction): Derivative => {
      const [up, down] = [1, -1].map(sign => loss(new Map([[x, moved(before.get(x)!, direction, sign * EPSILON)]]))) as [number, number]
      const expected = (up - down) / (2 * EPSILON)
      return { name, expected, found: dot(data, direction), rms: rootMeanSquare(data), length: lengthOf(direction) }
    })
  })
  return judge(t, derivatives, zeros)
}

/** How much each entry of a tensor moves. */
type Direction = Float64Array

/** A direction along all entries, then along single ones. */
function directions (name: string, count: number, entries: number): Direction[] {
  const next = seeded(`directions ${name}`)
  const all = Float64Array.from({ length: count }, () => 2 * next() - 1)
  return [all, ...Array.from({ length: entries }, () => oneAt(Math.floor(next() * count), count))]
}

const oneAt = (index: number, count: number): Direction => new Float64Array(count).fill(1, index, index + 1)

const moved = ({ dims, data }: Value, direction: Direction, by: number): Value =>
  ({ dims, data: data.map((value, i) => value + by * direction[i]!) })

function judge (t: Test, derivatives: readonly Derivative[], zeros: readonly string[]): Accuracy {
  const usual = median(derivatives.filter(({ name }) => !zeros.includes(name)).map(({ rms }) => rms))
  const errors = derivatives.map(({ name, expected, found, rms, length }) => {
    const isZero = zeros.includes(name)
    const error = Math.abs(found - expected) / Math.max(Math.abs(expected), (isZero ? usual : rms) * length)
    t.ok(error <= TOLERANCE, `${name}: ${found}, by differences ${expected}`)
    if (isZero) t.ok(Math.abs(expected) <= ZERO * usual * length, `${name} has no gradient`)
    else t.ok(rms > ZERO * usual, `${name} has a gradient`)
    return error
  })
  return { worst: Math.max(...errors), median: median(errors), count: errors.length }
}

function inputsOf (outputs: readonly Tensor[]): Tensor[] {
  const read = [...outputs, ...topologicalOrder(outputs).flatMap(({ inputs }) => inputs)]
  return [...new Set(read.filter(x => x?.source.kind === 'input'))] as Tensor[]
}

const nameOf = ({ source }: Tensor): string => source.kind === 'input' ? source.name : ''

const seededValues = (x: Tensor): Float32Array | Uint8Array => {
  const values = seededFloats(nameOf(x), countOf(x), u => x.type === 'uint8' ? Math.floor(256 * u) : 4 * u - 2)
  return x.type === 'uint8' ? Uint8Array.from(values) : values
}

const countOf = ({ shape }: Tensor): number => (shape as number[]).reduce((product, size) => product * size, 1)

const dataOf = ({ source }: Tensor): Float32Array => (source as { data: Float32Array }).data

function dot (a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

const lengthOf = (data: Float32Array | Float64Array): number => Math.sqrt(dot(data, data))

const rootMeanSquare = (data: Float32Array): number => lengthOf(data) / Math.sqrt(data.length)

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
