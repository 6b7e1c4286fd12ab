/** A map of cells, spread over the pixels of a picture and blended into it. */
import type { Size } from '../../head/decode/boxes.ts'
import type { Warp } from '../../models/resize-mode.ts'
import type { Pixels } from '../image/decode.ts'
import { cellAt, cellsOf, photoArea } from './area.ts'
import { COLORS, levelOf } from './color-map.ts'
import { colorRange, type ValueRange } from './value-range.ts'

/** A layer's map and its alignment with the photo. */
export interface PhotoMap {
  /** One value per cell, `[mapHeight, mapWidth]`. */
  readonly map: Float32Array
  readonly mapWidth: number
  readonly mapHeight: number
  /** Input pixels per cell. */
  readonly stride: number
  /** From the photo to the network's input. */
  readonly warp: Warp
}

/** The two cells around each pixel along one axis, and the share of the second. */
interface Axis { readonly before: Uint16Array, readonly after: Uint16Array, readonly share: Float32Array }

/** Brightness of the gray photo below the colors. */
const GRAY_SHARE = 0.85
/** Opacity of the lowest color, as a share of the highest color's. */
const LOWEST_SHARE = 0.3

/**
 * The map at every pixel of the photo shown at `shown` size, bilinear between the centers of the photo's own cells; beyond the outermost
 * of them it stays constant, because the next cell is padding.
 */
export function spread ({ map, mapWidth, mapHeight, stride, warp }: PhotoMap, photo: Size, shown: Size): Float32Array {
  const { left, top, right, bottom } = photoArea(photo, warp, stride, { width: mapWidth, height: mapHeight })
  const toCellX = (x: number): number => cellAt(photoPixel(x, shown.width, photo.width) * warp.scaleX + warp.offsetX, stride)
  const toCellY = (y: number): number => cellAt(photoPixel(y, shown.height, photo.height) * warp.scaleY + warp.offsetY, stride)
  return bilinear(map, mapWidth, axis(shown.width, toCellX, left, right - 1), axis(shown.height, toCellY, top, bottom - 1))
}

/** The photo in gray, colored in proportion to the heat. @param strength opacity of the highest color, 0 … 1 */
export function blend ({ data, ...size }: Pixels, heat: Float32Array, { min, max }: Pick<ValueRange, 'min' | 'max'>, strength: number): Pixels {
  const rgb = new Uint8Array(data.length)
  for (let i = 0, p = 0; i < heat.length; i++, p += 3) {
    const level = levelOf(heat[i]!, min, max)
    const share = strength * opacityOf(level)
    const gray = (0.299 * data[p]! + 0.587 * data[p + 1]! + 0.114 * data[p + 2]!) * GRAY_SHARE * (1 - share)
    for (let channel = 0; channel < 3; channel++) rgb[p + channel] = gray + COLORS[level * 3 + channel]! * share
  }
  return { ...size, data: rgb }
}

/** Opacity of a level's color over the photo, as a share of the strength. */
export const opacityOf = (level: number): number => LOWEST_SHARE + (1 - LOWEST_SHARE) * Math.min(level / 255, 1)

/** The color range of the values on the photo's area; values of the padding don't count. */
export function rangeOnPhoto ({ map, mapWidth, mapHeight, stride, warp }: PhotoMap, photo: Size): ValueRange {
  const cells = cellsOf(photoArea(photo, warp, stride, { width: mapWidth, height: mapHeight }), mapWidth)
  return colorRange(Float32Array.from(cells, cell => map[cell]!))
}

/** Center of a shown pixel in the photo's pixel coordinates, in which integers are centers, as in the warp. */
const photoPixel = (shown: number, shownLength: number, length: number): number => (shown + 0.5) * length / shownLength - 0.5

function axis (length: number, toCell: (pixel: number) => number, first: number, last: number): Axis {
  const before = new Uint16Array(length)
  const after = new Uint16Array(length)
  const share = new Float32Array(length)
  for (let pixel = 0; pixel < length; pixel++) {
    const cell = Math.min(Math.max(toCell(pixel), first), last)
    before[pixel] = Math.floor(cell)
    after[pixel] = Math.min(before[pixel]! + 1, last)
    share[pixel] = cell - before[pixel]!
  }
  return { before, after, share }
}

function bilinear (map: Float32Array, mapWidth: number, columns: Axis, rows: Axis): Float32Array {
  const width = columns.share.length
  const result = new Float32Array(width * rows.share.length)
  for (let y = 0; y < rows.share.length; y++) {
    const row = mixRows(map, mapWidth, rows, y)
    for (let x = 0; x < width; x++) {
      const value = row[columns.before[x]!]!
      result[y * width + x] = value + (row[columns.after[x]!]! - value) * columns.share[x]!
    }
  }
  return result
}

/** One row of pixels, interpolated between two rows of the map. */
function mixRows (map: Float32Array, mapWidth: number, { before, after, share }: Axis, y: number): Float32Array {
  const above = before[y]! * mapWidth
  const below = after[y]! * mapWidth
  return Float32Array.from({ length: mapWidth }, (_, x) => map[above + x]! + (map[below + x]! - map[above + x]!) * share[y]!)
}
