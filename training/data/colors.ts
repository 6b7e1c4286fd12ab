import { uniform, type Random } from '../random.ts'
import type { Augmentation } from '../spec.ts'

type ColorChanges = Pick<Augmentation, 'brightness' | 'contrast' | 'saturation'>

/**
 * Changes brightness, contrast and saturation of RGB bytes in place, each with probability ½, in upstream's order
 * (nanodet/data/transform/color.py). Values are clipped at the end, to bytes; upstream does not clip.
 */
export function jitterColors (pixels: Uint8Array, { brightness, contrast, saturation }: ColorChanges, next: Random): void {
  const drawn = <T>(draw: () => T, otherwise: T): T => next() >= 0.5 ? draw() : otherwise
  const shift = drawn(() => 255 * uniform(next, -brightness, brightness), 0)
  const gain = drawn(() => uniform(next, ...contrast), 1)
  const color = drawn(() => uniform(next, ...saturation), 1)
  const table = Float64Array.from({ length: 256 }, (_, value) => (value + shift) * gain)
  if (color === 1) {
    const bytes = Uint8ClampedArray.from(table)
    for (let i = 0; i < pixels.length; i++) pixels[i] = bytes[pixels[i]!]!
  } else saturate(pixels, table, color)
}

/** Saturation in HSV keeps a pixel's largest value and moves the others from it. @param table new values before it */
function saturate (pixels: Uint8Array, table: Float64Array, factor: number): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const red = table[pixels[i]!]!
    const green = table[pixels[i + 1]!]!
    const blue = table[pixels[i + 2]!]!
    const most = red > green ? (red > blue ? red : blue) : (green > blue ? green : blue)
    pixels[i] = toByte(most - (most - red) * factor)
    pixels[i + 1] = toByte(most - (most - green) * factor)
    pixels[i + 2] = toByte(most - (most - blue) * factor)
  }
}

const toByte = (value: number): number => value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5
