/** Holds gradient graphs against central differences. */
import type { Test } from 'tap'
import { gradients, type GradientOptions } from '../../nn/gradients/gradients.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import { floats, type Tensor } from '../../nn/tensor.ts'
import { valuesAfter, valuesOf, type Value } from './interpreter.ts'
import { run } from './run.ts'
import { seeded, seededFloats } from './seeded.ts'

/** Smaller than usual, so that few activations bend in between: float64 has digits to spare. */
const EPSILON = 1e-7
/** Maximum difference, relative to the larger of the derivative and what the gradient's root mean square leads to expect. */
const TOLERANCE = 1e-3
/** A derivative is zero but for rounding if it is smaller than this share of the other tensors'. */
const ZERO = 1e-5

export interface GradientCheckOptions extends GradientOptions {
  /** Values of inputs by name; by default seeded: −2 … 2, or bytes. */
  readonly feeds?: Readonly<Record<string, Float32Array | Uint8Array>>
  /** Names of tensors whose gradient is exactly zero: what only shifts or scales the input of a norm, for example. */
  readonly zeros?: readonly string[]
  /** Number of single entries of each tensor that are checked, in addition to a direction along all of them. */
  readonly entries?: number
  /** Number of tensors that share a direction, to which each contributes as much. By default, each has its own. */
  readonly together?: number
}

/** Errors of the derivatives that were checked, relative as the tolerance is. */
export interface Accuracy { readonly worst: number, readonly median: number, readonly count: number }

/** A tensor and its gradient by the gradient graph, in onnxruntime's float32. */
interface Checked { readonly name: string, readonly x: Tensor, readonly gradient: Float32Array, readonly rms: number }

/** How much each entry of tensors moves. */
type Direction = ReadonlyMap<Checked, Float64Array>

/**
 * Holds the gradients of Σ outputs · weights, the weights being seeded numbers, as onnxruntime computes them, against central
 * differences in float64: for every tensor of `wrt`, be it an input, a constant or an inner one, along a seeded direction and for
 * seeded entries.
 */
export async function checkGradients (
  t: Test, outputs: readonly Tensor[], wrt: Readonly<Record<string, Tensor>>,
  { feeds, zeros = [], entries = 1, together = 1, ...options }: GradientCheckOptions = {}
): Promise<Accuracy> {
  const weights = outputs.map((x, i) => floats(x.shape, seededFloats(`weights ${i}`, countOf(x), u => 2 * u - 1)))
  const fed = new Map(inputsOf(outputs).map(x => [nameOf(x), { dims: x.shape as number[], data: feeds?.[nameOf(x)] ?? seededValues(x) }]))
  const graph = gradients(outputs, weights, Object.values(wrt), options)
  const found = await run(Object.fromEntries(graph.map((x, i) => [`gradient ${i}`, x])), Object.fromEntries(fed))
  const checked = Object.entries(wrt).map(([name, x], i): Checked => {
    const { dims, data } = found[`gradient ${i}`]!
    t.same(dims, x.shape, name)
    return { name, x, gradient: data, rms: lengthOf(data) / Math.sqrt(data.length) }
  })
  const before = valuesOf(outputs, new Map([...fed].map(([name, { data }]) => [name, data])))
  const loss = (direction: Direction, by: number): number => {
    const changes = new Map([...direction].map(([{ x }, shares]) => [x, moved(before.get(x)!, shares, by)]))
    return valuesAfter(outputs, before, changes).reduce((sum, { data }, i) => sum + dot(data, dataOf(weights[i]!)), 0)
  }
  const isZero = ({ name }: Checked): boolean => zeros.includes(name)
  const usual = median(checked.filter(x => !isZero(x)).map(({ rms }) => rms))
  const [still, moving] = [checked.filter(isZero), checked.filter(x => !isZero(x))]
    .map(list => groups(list, together)) as [Checked[][], Checked[][]]
  const directions = [
    ...still.map(group => alongAll(group, () => 1)),
    ...moving.map(group => alongAll(group, ({ rms }) => group.length > 1 ? usual / Math.max(rms, usual / 1000) : 1)),
    ...checked.flatMap(x => alongOne(x, entries))
  ]
  return judge(t, directions, isZero, usual, direction => (loss(direction, EPSILON) - loss(direction, -EPSILON)) / (2 * EPSILON))
}

/** Holds what the gradients predict along directions against differences. @param usual root mean square of gradients */
function judge (
  t: Test, directions: readonly Direction[], isZero: (x: Checked) => boolean, usual: number, derivative: (direction: Direction) => number
): Accuracy {
  const errors = directions.map(direction => {
    const parts = [...direction]
    const expected = derivative(direction)
    const found = parts.reduce((sum, [{ gradient }, shares]) => sum + dot(gradient, shares), 0)
    const scale = Math.hypot(...parts.map(([x, shares]) => (isZero(x) ? usual : x.rms) * lengthOf(shares)))
    const error = Math.abs(found - expected) / Math.max(Math.abs(expected), scale)
    const names = parts.map(([{ name }]) => name).join(', ')
    t.ok(error <= TOLERANCE, `${names}: ${found}, by differences ${expected}`)
    if (parts.every(([x]) => isZero(x))) t.ok(Math.abs(expected) <= ZERO * scale, `${names} has no gradient`)
    return error
  })
  return { worst: Math.max(...errors), median: median(errors), count: errors.length }
}

/**
 * A direction along all entries of tensors. Its length is 1, like that of a direction along a single entry, so it crosses few kinks of
 * activations.
 */
function alongAll (group: readonly Checked[], length: (x: Checked) => number): Direction {
  return new Map(group.map(x => {
    const next = seeded(`direction ${x.name}`)
    const share = length(x) / Math.sqrt(x.gradient.length)
    return [x, Float64Array.from(x.gradient, () => (2 * next() - 1) * share)]
  }))
}

/** Directions along single entries of a tensor. */
function alongOne (x: Checked, entries: number): Direction[] {
  const next = seeded(`entries ${x.name}`)
  return Array.from({ length: entries }, () => {
    const index = Math.floor(next() * x.gradient.length)
    return new Map([[x, new Float64Array(x.gradient.length).fill(1, index, index + 1)]])
  })
}

const groups = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

const moved = ({ dims, data }: Value, shares: Float64Array, by: number): Value =>
  ({ dims, data: data.map((value, i) => value + by * shares[i]!) })

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

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
