/** Projective transforms of the plane, as upstream's warps are (nanodet/data/transform/warp.py). */
import type { Warp } from '../../models/resize-mode.ts'

/** 3×3, row by row. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number]

/** The transform that applies `b` first. */
export function times (a: Matrix, b: Matrix): Matrix {
  const entry = (_: unknown, i: number): number => {
    const row = i - i % 3
    return a[row]! * b[i % 3]! + a[row + 1]! * b[i % 3 + 3]! + a[row + 2]! * b[i % 3 + 6]!
  }
  return a.map(entry) as unknown as Matrix
}

export const translation = (x: number, y: number): Matrix => [1, 0, x, 0, 1, y, 0, 0, 1]
export const scaling = (x: number, y: number): Matrix => [x, 0, 0, 0, y, 0, 0, 0, 1]

/** The matrix of a warp. */
export const matrixOf = ({ scaleX, scaleY, offsetX, offsetY }: Omit<Warp, 'canvas' | 'padded'>): Matrix =>
  [scaleX, 0, offsetX, 0, scaleY, offsetY, 0, 0, 1]

/** The inverse, up to a factor. */
export const inverse = ([a, b, c, d, e, f, g, h, i]: Matrix): Matrix => [
  e * i - f * h, c * h - b * i, b * f - c * e,
  f * g - d * i, a * i - c * g, c * d - a * f,
  d * h - e * g, b * g - a * h, a * e - b * d
]

export function apply ([a, b, c, d, e, f, g, h, i]: Matrix, x: number, y: number): [x: number, y: number] {
  const w = g * x + h * y + i
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w]
}

/** The warp of a matrix that moves, scales and flips only; undefined for any other. */
export function warpOf ([a, b, c, d, e, f, g, h, i]: Matrix): Omit<Warp, 'canvas' | 'padded'> | undefined {
  if (b !== 0 || d !== 0 || g !== 0 || h !== 0) return undefined
  return { scaleX: a / i, scaleY: e / i, offsetX: c / i, offsetY: f / i }
}
