/** Width and height in pixels. */
export interface Size { readonly width: number, readonly height: number }

/** Corners in pixels: left, top, right, bottom. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number]

/** Distances from a point to the sides of a box: left, top, right, bottom. */
export type Distances = readonly [left: number, top: number, right: number, bottom: number]

/** The box around a point, clipped to an image (upstream: nanodet/util/box_transform.py, distance2bbox). */
export function distance2bbox (x: number, y: number, [left, top, right, bottom]: Distances, limit: Size): Box {
  return clipBox([x - left, y - top, x + right, y + bottom], limit)
}

/** Corners may lie on the image's edge: 0 … width, 0 … height. */
export function clipBox ([x1, y1, x2, y2]: Box, { width, height }: Size): Box {
  return [clamp(x1, width), clamp(y1, height), clamp(x2, width), clamp(y2, height)]
}

/** Intersection over union; 0 if neither box has an area. */
export function iou (a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const common = width * height
  return common / (area(a) + area(b) - common)
}

const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1])

const clamp = (value: number, max: number): number => Math.min(Math.max(value, 0), max)
