import { isNumber, type Dim, type Shape } from './dim.ts'
import { ShapeError } from './errors.ts'

/** Element types of our networks and of imported graphs, and the arrays that hold them. */
export interface Arrays {
  float32: Float32Array
  float64: Float64Array
  /** IEEE 754 binary16, as bits: JavaScript has no array of them. Only imported graphs use it. */
  float16: Uint16Array
  int64: BigInt64Array
  int32: Int32Array
  int8: Int8Array
  uint8: Uint8Array
  /** A byte each, 0 or 1. */
  bool: Uint8Array
}
export type ElementType = keyof Arrays

/** An attribute of an ONNX operator. Bare numbers are integers; `{ float }` and `{ floats }` mark the others. A tensor is a constant. */
export type Attribute =
  Whole | readonly Whole[] | string | { readonly float: number } | { readonly floats: readonly number[] } | Tensor
/** A whole number; a bigint where it is too large for a number to hold it exactly. */
export type Whole = number | bigint

/** An application of an ONNX operator. An omitted input is undefined. */
export interface Node {
  readonly op: string
  readonly inputs: readonly (Tensor | undefined)[]
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly outputs: readonly Tensor[]
}

/** The origin of a tensor. */
export type Source =
  | { readonly kind: 'input', readonly name: string }
  | { readonly kind: 'constant', readonly data: Arrays[ElementType], readonly name?: string }
  | { readonly kind: 'node', readonly node: Node }

/** A value in a network under construction: its shape, its type and its producer. It points back, so outputs reach the whole graph. */
export class Tensor {
  readonly shape: Shape
  readonly type: ElementType
  readonly source: Source

  constructor (shape: Shape, type: ElementType, source: Source) {
    this.shape = shape
    this.type = type
    this.source = source
  }

  get rank (): number { return this.shape.length }

  /** The size of axis 1 of an NCHW tensor, which is always a number. */
  get channels (): number {
    const channels = this.shape[1]
    if (channels === undefined || !isNumber(channels)) throw new ShapeError('channels', 'axis 1 is not a known number', this.shape)
    return channels
  }

  /** The size of one axis; negative axes count from the end. */
  dim (axis: number): Dim {
    const dim = this.shape.at(axis)
    if (dim === undefined) throw new ShapeError('dim', `no axis ${axis}`, this.shape)
    return dim
  }
}

export const input = (name: string, shape: Shape, type: ElementType = 'float32'): Tensor =>
  new Tensor(shape, type, { kind: 'input', name })

export const floats = (shape: Shape, data: Float32Array, name?: string): Tensor =>
  new Tensor(shape, 'float32', { kind: 'constant', data, ...(name !== undefined && { name }) })

export const integers = (values: readonly number[]): Tensor =>
  new Tensor([values.length], 'int64', { kind: 'constant', data: BigInt64Array.from(values, BigInt) })

export const scalar = (value: number): Tensor => floats([], Float32Array.of(value))
