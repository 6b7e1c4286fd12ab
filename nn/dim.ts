/**
 * A size of a tensor: a number, or a name if the size is known only when the network runs.
 * `H/8` is the named size H divided by 8, rounded up. Other expressions are opaque text: equal only if written alike.
 */
export type Dim = number | string
export type Shape = readonly Dim[]

/**
 * The shape of a value of unknown rank, as in imported graphs. It has no axes to ask for;
 * writers of shapes omit it.
 */
export const UNKNOWN_SHAPE: Shape = Object.freeze([])

/** ⌈dim / n⌉: the output size of a padded convolution of stride n. */
export function ceilDiv (dim: Dim, n: number): Dim {
  if (n === 1) return dim
  if (typeof dim === 'number') return Math.ceil(dim / n)
  const { symbol, divisor } = parse(dim)
  return format(symbol, divisor * n)
}

/** dim · factor, for a named size exact where the size is a multiple of what it was divided by. */
export function times (dim: Dim, factor: number): Dim {
  if (typeof dim === 'number') return Math.floor(dim * factor)
  const { symbol, divisor } = parse(dim)
  const rest = divisor / factor
  return rest >= 1 ? format(symbol, rest) : `${symbol}*${1 / rest}`
}

export function product (dims: readonly number[]): number
export function product (dims: Shape): Dim
export function product (dims: Shape): Dim {
  if (dims.every(isNumber)) return dims.reduce((a, b) => a * b, 1)
  return dims.filter(dim => dim !== 1).map(term).join('*')
}

export function sum (dims: Shape): Dim {
  if (dims.every(isNumber)) return dims.reduce((a, b) => a + b, 0)
  return dims.join('+')
}

export function sameShape (a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i])
}

export const isNumber = (dim: Dim): dim is number => typeof dim === 'number'

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`

const term = (dim: Dim): string => String(dim).includes('+') ? `(${dim})` : String(dim)

function parse (dim: string): { symbol: string, divisor: number } {
  const match = /^(\w+)\/(\d+)$/.exec(dim)
  return match ? { symbol: match[1]!, divisor: Number(match[2]) } : { symbol: dim, divisor: 1 }
}

const format = (symbol: string, divisor: number): string => divisor === 1 ? symbol : `${term(symbol)}/${divisor}`
