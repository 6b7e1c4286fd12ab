/** Which channels of a layer respond to a place in the photo. */
import { cellsOf } from '../../../engine/features/area.ts'
import { mapSize, type FeatureMap } from '../../../engine/features/array.ts'
import { channelOf } from '../../../engine/features/reduce.ts'
import type { Corners } from '../../../engine/explain/explanation.ts'
import { cellBox, photoCells, type Alignment } from './heat-map.ts'

export interface RankedChannel {
  readonly channel: number
  /** Row by row. */
  readonly values: Float32Array
  /** How much higher the mean of the place is than that of the rest, in standard deviations; without a place, the variance. */
  readonly rank: number
}

/** All channels, those first that respond more in the place than elsewhere, or without a place, that vary most. */
export function rankChannels (alignment: Alignment, feature: FeatureMap, place?: Corners): RankedChannel[] {
  const { channels, width, height } = mapSize(feature.shape)
  const map = { stride: alignment.input.width / width, width, height }
  const cells = cellsOf(photoCells(alignment, map), width)
  const inside = place && cellsIn(alignment, map, cells, place)
  return Array.from({ length: channels }, (_, channel) => {
    const values = channelOf(feature, channel)
    return { channel, values, rank: inside ? contrast(values, cells, inside) : spreadOf(values, cells).variance }
  }).sort((a, b) => b.rank - a.rank || a.channel - b.channel)
}

/** The cells whose centers are in the place, or if it is too small for that, the one nearest to its center. */
function cellsIn (
  alignment: Alignment, { stride, width }: { stride: number, width: number }, cells: Uint32Array, place: Corners
): Set<number> {
  const [x1, y1, x2, y2] = place
  const centers = [...cells].map(cell => {
    const [left, top, right, bottom] = cellBox(alignment, stride, { column: cell % width, row: Math.floor(cell / width) })
    return { cell, x: (left + right) / 2, y: (top + bottom) / 2 }
  })
  const inside = centers.filter(({ x, y }) => x >= x1 && x <= x2 && y >= y1 && y <= y2)
  if (inside.length > 0) return new Set(inside.map(({ cell }) => cell))
  const distance = ({ x, y }: { x: number, y: number }): number => Math.hypot(x - (x1 + x2) / 2, y - (y1 + y2) / 2)
  return new Set([centers.reduce((best, center) => distance(center) < distance(best) ? center : best).cell])
}

function contrast (values: Float32Array, cells: Uint32Array, inside: ReadonlySet<number>): number {
  const outside = cells.filter(cell => !inside.has(cell))
  const { variance } = spreadOf(values, cells)
  if (variance === 0 || outside.length === 0) return 0
  return (spreadOf(values, [...inside]).mean - spreadOf(values, outside).mean) / Math.sqrt(variance)
}

function spreadOf (values: Float32Array, cells: ArrayLike<number>): { mean: number, variance: number } {
  let sum = 0
  let squares = 0
  for (let i = 0; i < cells.length; i++) sum += values[cells[i]!]!
  const mean = sum / cells.length
  for (let i = 0; i < cells.length; i++) squares += (values[cells[i]!]! - mean) ** 2
  return { mean, variance: squares / cells.length }
}
