import type { Pixels } from '../../engine/image/decode.ts'
import { random } from '../../training/random.ts'

/** A photo of random pixels. */
export function noise (width: number, height: number, seed = 'noise'): Pixels {
  const next = random(seed, width, height)
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => 256 * next()) }
}
