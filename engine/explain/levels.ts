/** The levels' grids of cells, and the points in them. */
import type { Size } from '../../head/decode/boxes.ts'
import type { Cell, Level } from './explanation.ts'

/** The place of a point on its level. */
export type Place = Pick<Cell, 'level' | 'column' | 'row'>

/** The grids of a network's input, in the order of points. */
export function levelsOf (strides: readonly number[], { width, height }: Size): Level[] {
  return strides.map(stride => ({ stride, width: Math.ceil(width / stride), height: Math.ceil(height / stride) }))
}

/** @throws RangeError if no level has the point */
export function placeOf (levels: readonly Level[], point: number): Place {
  let start = 0
  for (const [level, { width, height }] of levels.entries()) {
    const index = point - start
    if (index < width * height) return { level, column: index % width, row: Math.floor(index / width) }
    start += width * height
  }
  throw new RangeError(`point ${point} is beyond the last level`)
}

/** The index of a point: its center prior, and its row in the predictions. */
export function pointOf (levels: readonly Level[], { level, column, row }: Place): number {
  const start = levels.slice(0, level).reduce((sum, { width, height }) => sum + width * height, 0)
  return start + row * levels[level]!.width + column
}
