import type { Picture } from '../../engine/session.ts'
import type { Setup } from './setup.ts'

const LEVELS = 256

/** A picture as the input of a plain export: float32 `[3, height, width]`, padded right and below with the mean color. */
export function normalized ({ pixels, width, height }: Picture, { config, padded }: Pick<Setup, 'config' | 'padded'>): Float32Array {
  const { channelOrder, mean, std } = config.normalization
  const area = padded.width * padded.height
  const result = new Float32Array(3 * area)
  for (const channel of [0, 1, 2] as const) {
    const values = Float32Array.from({ length: LEVELS }, (_, level) => (level - mean[channel]) / std[channel])
    const source = channelOrder === 'RGB' ? channel : 2 - channel
    for (let y = 0; y < height; y++) {
      const row = channel * area + y * padded.width
      for (let x = 0, from = y * width * 3 + source; x < width; x++, from += 3) result[row + x] = values[pixels[from]!]!
    }
  }
  return result
}
