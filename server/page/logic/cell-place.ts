/** Where a candidate comes from, on the photo. */
import type { Cell, Explanation } from '../../../engine/explain/explanation.ts'
import type { Box } from '../../../head/decode/boxes.ts'
import { cellBox, type Alignment } from './heat-map.ts'

type Grid = Alignment & Pick<Explanation, 'levels' | 'offset'>

/** Units are pixels of the photo. */
export interface CellPlace {
  /** The cell's square, clipped to the photo. */
  readonly square: Box
  /** The point that distances count from; it may lie in the padding. */
  readonly point: readonly [x: number, y: number]
  /** Sides of the whole square. */
  readonly size: readonly [width: number, height: number]
}

export function placeOf (grid: Grid, cell: Pick<Cell, 'level' | 'column' | 'row'>): CellPlace {
  const { warp: { scale: [scaleX, scaleY], pad: [padX, padY] }, levels } = grid
  const { stride } = levels[cell.level]!
  const [x, y] = inputPoint(grid, cell)
  return {
    square: cellBox(grid, stride, cell),
    point: [(x - padX) / scaleX, (y - padY) / scaleY],
    size: [stride / scaleX, stride / scaleY]
  }
}

/** The point in pixels of the network's input. */
export function inputPoint ({ levels, offset }: Pick<Explanation, 'levels' | 'offset'>, { level, column, row }: Pick<Cell, 'level' | 'column' | 'row'>) {
  const { stride } = levels[level]!
  return [(column + offset) * stride, (row + offset) * stride] as const
}
