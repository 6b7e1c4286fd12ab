import type { Warp } from '../../models/resize-mode.ts'
import type { Pixels } from './decode.ts'
import { RowBlender, type Neighbors } from './row-blender.ts'

export type Rgb = readonly [red: number, green: number, blue: number]

const BLACK: Rgb = [0, 0, 0]
const blender = new RowBlender()

/**
 * cv2.warpPerspective in float: bilinear between pixel indices, without half-pixel centering and no smoothing, black outside the photo.
 * libvips' affine cuts off the rows and columns that are half inside the photo, and is slower.
 */
export function warpPixels (source: Pixels, { scaleX, scaleY, offsetX, offsetY, canvas, padded }: Warp, padding = BLACK): Uint8Array {
  const pixels = Buffer.alloc(padded.width * padded.height * 3, padding === BLACK ? 0 : Uint8Array.from(padding))
  blender.start(source, Array.from({ length: canvas.width }, (_, x) => neighbors((x - offsetX) / scaleX, source.width)))
  for (let y = 0; y < canvas.height; y++) {
    const start = y * padded.width * 3
    const rows = neighbors((y - offsetY) / scaleY, source.height)
    if (rows.beforeShare + rows.afterShare === 0) pixels.fill(0, start, start + canvas.width * 3)
    else pixels.set(blender.blend(source, rows), start)
  }
  return pixels
}

function neighbors (position: number, length: number): Neighbors {
  const before = Math.floor(position)
  const share = position - before
  const isInside = (index: number) => index >= 0 && index < length
  const clamp = (index: number) => Math.min(Math.max(index, 0), length - 1)
  return {
    before: clamp(before),
    after: clamp(before + 1),
    beforeShare: isInside(before) ? 1 - share : 0,
    afterShare: isInside(before + 1) ? share : 0
  }
}
