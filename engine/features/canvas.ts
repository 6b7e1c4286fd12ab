/** A picture that heat maps are painted on. */
import type { Size } from '../../head/decode/boxes.ts'
import type { Pixels } from '../image/decode.ts'
import { colorize } from './color-map.ts'

/** Lighter than the lowest color, so that the edge of a map is visible. */
const BACKGROUND = Uint8Array.of(48, 48, 54)

export function blankCanvas ({ width, height }: Size): Pixels {
  return { width, height, data: Buffer.alloc(width * height * 3, BACKGROUND) }
}

/** A map of values, `[height, width]`, and the values of the lowest and the highest color. */
export interface HeatMap { readonly values: Float32Array, readonly width: number, readonly min: number, readonly max: number }

/** Paints a map with its top left corner at x, y; each value is a square of `factor` pixels. */
export function paintMap (canvas: Pixels, x: number, y: number, { values, width, min, max }: HeatMap, factor: number): void {
  const rgb = colorize(values, min, max)
  const line = new Uint8Array(width * factor * 3)
  for (let row = 0; row < values.length / width; row++) {
    for (let i = 0; i < line.length; i++) line[i] = rgb[(row * width + Math.floor(i / 3 / factor)) * 3 + i % 3]!
    for (let i = 0; i < factor; i++) canvas.data.set(line, ((y + row * factor + i) * canvas.width + x) * 3)
  }
}

/** Paints all colors, the lowest at the left. */
export function paintColorBar (canvas: Pixels, x: number, y: number, { width, height }: Size): void {
  const values = Float32Array.from({ length: width * height }, (_, i) => i % width)
  paintMap(canvas, x, y, { values, width, min: 0, max: width - 1 }, 1)
}
