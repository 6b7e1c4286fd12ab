/** A layer's map on the photo, aligned and colored as in the server's overlays. */
import { photoArea, type Area } from '../../../engine/features/area.ts'
import { COLORS, levelOf } from '../../../engine/features/color-map.ts'
import { opacityOf, rangeOnPhoto, spread, type PhotoMap } from '../../../engine/features/heat.ts'
import type { ValueRange } from '../../../engine/features/value-range.ts'
import type { Explanation } from '../../../engine/explain/explanation.ts'
import type { Box, Size } from '../../../head/decode/boxes.ts'
import { unwarpBox } from '../../../models/resize-mode.ts'
import type { LayerMap } from './maps.ts'

/** How a photo lies in the network's input: part of an explanation. */
export interface Alignment extends Pick<Explanation, 'input' | 'warp'> { readonly image: Size }

/** A cell of a map and its value. */
export interface CellValue { readonly column: number, readonly row: number, readonly value: number }

/** The colors that cover the map's values on the photo. */
export const photoRange = (alignment: Alignment, map: LayerMap): ValueRange => rangeOnPhoto(aligned(alignment, map), alignment.image)

/** The map's cells on the photo; the others are padding. */
export const photoCells = (alignment: Alignment, map: Omit<LayerMap, 'name' | 'data'>): Area =>
  photoArea(alignment.image, warpOf(alignment), map.stride, map)

/** RGBA of the photo at `shown` size, to lie over the gray photo. */
export function heatPixels (alignment: Alignment, map: LayerMap, range: ValueRange, shown: Size): Uint8ClampedArray<ArrayBuffer> {
  const heat = spread(aligned(alignment, map), alignment.image, shown)
  const rgba = new Uint8ClampedArray(heat.length * 4)
  for (let i = 0; i < heat.length; i++) {
    const level = levelOf(heat[i]!, range.min, range.max)
    for (let channel = 0; channel < 3; channel++) rgba[i * 4 + channel] = COLORS[level * 3 + channel]!
    rgba[i * 4 + 3] = 255 * opacityOf(level)
  }
  return rgba
}

/** The map's own cell below a point of the photo, in pixels; undefined beside the map. */
export function cellValueAt (alignment: Alignment, map: LayerMap, x: number, y: number): CellValue | undefined {
  const { scaleX, scaleY, offsetX, offsetY } = warpOf(alignment)
  const column = Math.floor((x * scaleX + offsetX) / map.stride)
  const row = Math.floor((y * scaleY + offsetY) / map.stride)
  const isInside = column >= 0 && row >= 0 && column < map.width && row < map.height
  return isInside ? { column, row, value: map.data[row * map.width + column]! } : undefined
}

/** A cell's square on the photo, clipped to it. */
export function cellBox (alignment: Alignment, stride: number, { column, row }: Pick<CellValue, 'column' | 'row'>): Box {
  const corners: Box = [column * stride, row * stride, (column + 1) * stride, (row + 1) * stride]
  return unwarpBox(warpOf(alignment), corners, alignment.image)
}

/** The size with its longer side at most `longest` pixels. */
export function fitted ({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** @param alignment input pixel = photo pixel · scale + pad */
export function warpOf ({ warp: { scale, pad }, input }: Alignment): PhotoMap['warp'] {
  return { scaleX: scale[0], scaleY: scale[1], offsetX: pad[0], offsetY: pad[1], canvas: input, padded: input }
}

const aligned = (alignment: Alignment, { data, width, height, stride }: LayerMap): PhotoMap =>
  ({ map: data, mapWidth: width, mapHeight: height, stride, warp: warpOf(alignment) })
