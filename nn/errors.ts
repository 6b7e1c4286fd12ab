import { formatShape, type Shape } from './dim.ts'

/** A layer that can't be built. The innermost scope that knows the path fills in `path` as the error propagates. */
export class NetworkError extends Error {
  override name = 'NetworkError'
  readonly detail: string
  #path?: string

  constructor (detail: string) {
    super(detail)
    this.detail = detail
  }

  get path (): string | undefined { return this.#path }

  set path (path: string | undefined) {
    if (path === undefined) return
    this.#path = path
    this.message = `${path}: ${this.detail}`
  }
}

/** A file that is not an ONNX model, or one that can't be imported. */
export class OnnxError extends Error {
  override name = 'OnnxError'
  readonly problem: string

  constructor (problem: string) {
    super(`not a usable ONNX model: ${problem}`)
    this.problem = problem
  }
}

/** Tensors that do not fit an operator. */
export class ShapeError extends NetworkError {
  override name = 'ShapeError'
  readonly op: string
  readonly shapes: readonly Shape[]

  constructor (op: string, problem: string, ...shapes: Shape[]) {
    super(`${op}: ${problem}${shapes.length > 0 ? ` (got ${shapes.map(formatShape).join(' and ')})` : ''}`)
    this.op = op
    this.shapes = shapes
  }
}

/** A parameter that is missing in the checkpoint, or has another shape there. */
export class ParameterError extends NetworkError {
  override name = 'ParameterError'
  readonly parameter: string
  readonly expected: Shape
  readonly found: Shape | undefined

  constructor (parameter: string, expected: Shape, found?: Shape) {
    super(found === undefined
      ? `parameter ${parameter} ${formatShape(expected)} is not in the checkpoint`
      : `parameter ${parameter} is ${formatShape(found)} in the checkpoint, the network needs ${formatShape(expected)}`)
    this.parameter = parameter
    this.expected = expected
    this.found = found
  }
}

/** An operator that has no gradient rule. */
export class GradientError extends NetworkError {
  override name = 'GradientError'
  readonly op: string

  constructor (op: string, layer?: string) {
    super(`${op} has no gradient rule`)
    this.op = op
    this.path = layer
  }
}
