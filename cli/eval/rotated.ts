import type { CocoBox } from './ground-truth.ts'

/**
 * The bounding box of a rotated box.
 * @param degrees clockwise
 * @param pivot the point that stays, as shares of width and height: CVAT rotates about the center, Label Studio about the top left corner
 */
export function boundsOfRotated ([x, y, width, height]: CocoBox, degrees: number, [pivotX, pivotY]: readonly [number, number]): CocoBox {
  const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)]
  const corners = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([right, below]) => [(right! - pivotX) * width, (below! - pivotY) * height] as const)
  const xs = corners.map(([dx, dy]) => dx * cos - dy * sin)
  const ys = corners.map(([dx, dy]) => dx * sin + dy * cos)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [x + pivotX * width + left, y + pivotY * height + top, Math.max(...xs) - left, Math.max(...ys) - top]
}
