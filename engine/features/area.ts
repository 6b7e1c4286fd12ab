/** The part of a feature map that a photo covers: cells of the padding around it carry no information about it. */
import type { Size } from '../../head/decode/boxes.ts'
import type { Warp } from '../../models/resize-mode.ts'

/** A rectangle of cells; `right` and `bottom` are outside it. */
export interface Area { readonly left: number, readonly top: number, readonly right: number, readonly bottom: number }

/** The fractional cell of an input pixel; whole numbers are centers: the center of cell j is at (j + 0.5) · stride. */
export const cellAt = (inputPixel: number, stride: number): number => inputPixel / stride - 0.5

/** The cells whose centers lie on the photo; at least one, however narrow the photo. */
export function photoArea (photo: Size, warp: Warp, stride: number, map: Size): Area {
  const [left, right] = span(warp.offsetX, photo.width * warp.scaleX, stride, map.width)
  const [top, bottom] = span(warp.offsetY, photo.height * warp.scaleY, stride, map.height)
  return { left, top, right, bottom }
}

export const wholeArea = ({ width, height }: Size): Area => ({ left: 0, top: 0, right: width, bottom: height })

/** The indices of an area's cells on a map of this width, row by row. */
export function cellsOf ({ left, top, right, bottom }: Area, width: number): Uint32Array {
  const columns = right - left
  return Uint32Array.from({ length: columns * (bottom - top) }, (_, i) => (top + Math.floor(i / columns)) * width + left + i % columns)
}

function span (offset: number, length: number, stride: number, cells: number): [first: number, end: number] {
  const first = Math.ceil(cellAt(offset, stride))
  const end = Math.floor(cellAt(offset + length, stride)) + 1
  if (first < end) return [Math.max(first, 0), Math.min(end, cells)]
  const nearest = Math.min(Math.max(Math.round(cellAt(offset + length / 2, stride)), 0), cells - 1)
  return [nearest, nearest + 1]
}
