import type { Warp } from '../models/geometry.ts'
import type { Pixels } from './image.ts'

export type Rgb = readonly [red: number, green: number, blue: number]

const BLACK: Rgb = [0, 0, 0]

/**
 * cv2.warpPerspective in float: bilinear between pixel indices, with no half-pixel centring and no smoothing, black outside the photo.
 * libvips' affine would do, but for the rows and columns half inside the photo, which it cuts off; it is slower too.
 */
export function warpPixels (source: Pixels, { scaleX, scaleY, offsetX, offsetY, canvas, padded }: Warp, padding = BLACK): Uint8Array {
  const pixels = Buffer.alloc(padded.width * padded.height * 3, Uint8Array.from(padding))
  const columns = Array.from({ length: canvas.width }, (_, x) => neighbours((x - offsetX) / scaleX, source.width))
  for (let y = 0; y < canvas.height; y++) {
    const row = pixels.subarray(y * padded.width * 3, (y * padded.width + canvas.width) * 3)
    blendRow(row, source, columns, neighbours((y - offsetY) / scaleY, source.height))
  }
  return pixels
}

/** The two pixels around a position along one axis and the share of each, which is 0 for a pixel outside the photo. */
interface Neighbours { before: number, after: number, beforeShare: number, afterShare: number }

function neighbours (position: number, length: number): Neighbours {
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

function blendRow (row: Uint8Array, { data, width }: Pixels, columns: Neighbours[], rows: Neighbours) {
  const above = rows.before * width
  const below = rows.after * width
  let i = 0
  for (const { before, after, beforeShare, afterShare } of columns) {
    for (let channel = 0; channel < 3; channel++) {
      const upper = data[(above + before) * 3 + channel]! * beforeShare + data[(above + after) * 3 + channel]! * afterShare
      const lower = data[(below + before) * 3 + channel]! * beforeShare + data[(below + after) * 3 + channel]! * afterShare
      row[i++] = upper * rows.beforeShare + lower * rows.afterShare + 0.5
    }
  }
}
