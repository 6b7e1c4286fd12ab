import type { Size } from './boxes.ts'

/** Origin of a prediction's distances, in pixels of the network's input. */
export interface CenterPrior { readonly x: number, readonly y: number, readonly stride: number }

/**
 * The points of all levels in the order of predictions: level by level, row by row.
 * @param offset position of a point in its cell: 0.5 for NanoDetHead, 0 for NanoDetPlusHead
 */
export function centerPriors ({ width, height }: Size, strides: readonly number[], offset: number): CenterPrior[] {
  return strides.flatMap(stride => {
    const columns = Math.ceil(width / stride)
    const rows = Math.ceil(height / stride)
    return Array.from({ length: rows * columns }, (_, i) => ({
      x: (i % columns + offset) * stride,
      y: (Math.floor(i / columns) + offset) * stride,
      stride
    }))
  })
}
