/** Values of the interpreter, and access to them by axes. */
import type { Node } from '../../../nn/tensor.ts'

/** Numbers in row-major order. Integers are whole numbers, booleans are 0 or 1. */
export interface Value { readonly dims: readonly number[], readonly data: Float64Array }

/** An ONNX operator. An omitted input is undefined. */
export type Operator = (inputs: ReadonlyArray<Value | undefined>, node: Node) => Value | Value[]

/** An operator with inputs that are never omitted. */
export const operator = (run: (inputs: readonly Value[], node: Node) => Value | Value[]): Operator =>
  (inputs, node) => run(inputs as readonly Value[], node)

export function valueOf (dims: readonly number[], numbers: ArrayLike<number> | ArrayLike<bigint>): Value {
  const data = Float64Array.from(numbers as ArrayLike<number>, Number)
  if (data.length !== countOf(dims)) throw new Error(`${data.length} numbers for a shape of [${dims.join(', ')}]`)
  return { dims, data }
}

export const countOf = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1)

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** Distances in memory between neighbors along each axis. */
export function stridesOf (dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length)
  for (let axis = dims.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= dims[axis]!
  }
  return strides
}

/**
 * Places in memory of the entries that are picked along each axis, row-major.
 * @param picked per axis, indices; a negative one stands for no entry: its places are −1
 */
export function places (picked: ReadonlyArray<readonly number[]>, strides: readonly number[]): Int32Array {
  let found = Int32Array.of(0)
  picked.forEach((indices, axis) => {
    const next = new Int32Array(found.length * indices.length)
    let i = 0
    for (const base of found) for (const index of indices) next[i++] = base < 0 || index < 0 ? -1 : base + index * strides[axis]!
    found = next
  })
  return found
}

/** The numbers at places in memory; `outside` for negative ones. Much faster than Float64Array.from. */
export function take (data: Float64Array, from: Int32Array, outside = 0): Float64Array {
  const taken = new Float64Array(from.length)
  for (let i = 0; i < from.length; i++) taken[i] = from[i]! < 0 ? outside : data[from[i]!]!
  return taken
}

/** The entries at these indices along each axis; `outside` for negative indices. */
export const pick = ({ dims, data }: Value, picked: ReadonlyArray<readonly number[]>, outside = 0): Value =>
  ({ dims: picked.map(({ length }) => length), data: take(data, places(picked, stridesOf(dims)), outside) })

/** The entries at these indices along one axis. */
export const pickAlong = (x: Value, axis: number, indices: readonly number[]): Value =>
  pick(x, x.dims.map((size, i) => i === axis ? indices : range(size)))

/** The common shape of several, axes aligned from the last. */
export function commonDims (shapes: ReadonlyArray<readonly number[]>): number[] {
  const rank = Math.max(...shapes.map(({ length }) => length))
  return range(rank).map(axis => {
    const sizes = shapes.map(dims => dims[axis - rank + dims.length] ?? 1)
    const size = sizes.find(size => size !== 1) ?? 1
    if (sizes.some(other => other !== 1 && other !== size)) throw new Error(`shapes differ: ${JSON.stringify(shapes)}`)
    return size
  })
}

/** The places in memory of `dims` that each entry of a larger shape reads. */
export function broadcastPlaces (dims: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(dims)
  const lead = to.length - dims.length
  return places(to.map(range), to.map((_, axis) => axis < lead || dims[axis - lead] === 1 ? 0 : strides[axis - lead]!))
}

/** A value in a larger shape. */
export const expand = (x: Value, to: readonly number[]): Value => ({ dims: to, data: take(x.data, broadcastPlaces(x.dims, to)) })

/** Attributes of a node, with ONNX's defaults. */
export const whole = ({ attributes }: Node, name: string, otherwise: number): number =>
  Number((attributes[name] as number | undefined) ?? otherwise)
export const wholes = ({ attributes }: Node, name: string, otherwise: readonly number[]): readonly number[] =>
  (attributes[name] as readonly number[] | undefined)?.map(Number) ?? otherwise
export const real = ({ attributes }: Node, name: string, otherwise: number): number =>
  (attributes[name] as { float: number } | undefined)?.float ?? otherwise
export const text = ({ attributes }: Node, name: string, otherwise: string): string =>
  (attributes[name] as string | undefined) ?? otherwise

/** An axis, counted from the first. */
export const axisOf = (axis: number, { dims }: Value): number => axis < 0 ? axis + dims.length : axis
