import type { Size } from '../../head/decode/boxes.ts'
import type { Pixels } from '../../engine/image/decode.ts'
import { warpPixels, type Rgb } from '../../engine/image/warp.ts'
import { inverse, warpOf, type Matrix } from './matrix.ts'

const BLACK: Rgb = [0, 0, 0]

export interface Target {
  /** The part of the result that the photo is sampled into, from the top left; black outside the photo. */
  readonly canvas: Size
  /** The whole result. */
  readonly padded: Size
  /** Color outside the canvas; black if left out. */
  readonly padding?: Rgb
}

/** Samples a photo by any matrix, from pixels of the photo to pixels of the result, as engine/image/warp.ts does. */
export function warpByMatrix (source: Pixels, matrix: Matrix, { canvas, padded, padding = BLACK }: Target): Uint8Array {
  const warp = warpOf(matrix)
  if (warp) return warpPixels(source, { ...warp, canvas, padded }, padding)
  const pixels = new Uint8Array(padded.width * padded.height * 3)
  for (let i = 0; i < pixels.length; i++) pixels[i] = padding[i % 3]!
  const back = inverse(matrix)
  for (let y = 0; y < canvas.height; y++) sampleRow(source, back, y, pixels.subarray(y * padded.width * 3), canvas.width)
  return pixels
}

/** Bilinear between pixel indices; pixels outside the photo count as black. @param back from the result to the photo */
function sampleRow ({ data, width, height }: Pixels, [a, b, c, d, e, f, g, h, i]: Matrix, y: number, row: Uint8Array, count: number): void {
  for (let x = 0; x < count; x++) {
    const w = g * x + h * y + i
    const sx = (a * x + b * y + c) / w
    const sy = (d * x + e * y + f) / w
    const left = Math.floor(sx)
    const top = Math.floor(sy)
    if (!(left >= -1 && left < width && top >= -1 && top < height)) {
      row.fill(0, x * 3, x * 3 + 3)
      continue
    }
    const toRight = sx - left
    const toBottom = sy - top
    const hasLeft = left >= 0 ? 1 - toRight : 0
    const hasRight = left + 1 < width ? toRight : 0
    const hasTop = top >= 0 ? 1 - toBottom : 0
    const hasBottom = top + 1 < height ? toBottom : 0
    const at = (top * width + left) * 3
    for (let k = 0; k < 3; k++) {
      const above = (hasLeft && hasLeft * data[at + k]!) + (hasRight && hasRight * data[at + 3 + k]!)
      const start = at + width * 3 + k
      const below = (hasLeft && hasLeft * data[start]!) + (hasRight && hasRight * data[start + 3]!)
      row[x * 3 + k] = (hasTop && hasTop * above) + (hasBottom && hasBottom * below) + 0.5
    }
  }
}
