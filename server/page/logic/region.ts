/** Regions that users draw, in pixels of the photo. */
import type { Size } from '../../../head/decode/boxes.ts'
import type { Corners } from '../../../engine/explain/explanation.ts'

export interface Point { readonly x: number, readonly y: number }

/** The sides of a region that a drag moves: all four move the region. */
export interface Grip { readonly left: boolean, readonly top: boolean, readonly right: boolean, readonly bottom: boolean }

const ALL: Grip = { left: true, top: true, right: true, bottom: true }
/** Shortest side of a region. */
const MIN_SIDE = 1

/** The region between two points, inside the photo; undefined if a side is shorter than `minSide`. */
export function between (a: Point, b: Point, photo: Size, minSide: number): Corners | undefined {
  const [x1, x2] = [a.x, b.x].map(x => clamp(x, 0, photo.width)).toSorted(ascending) as [number, number]
  const [y1, y2] = [a.y, b.y].map(y => clamp(y, 0, photo.height)).toSorted(ascending) as [number, number]
  const region = rounded([x1, y1, x2, y2])
  return Math.min(region[2] - region[0], region[3] - region[1]) >= Math.max(minSide, MIN_SIDE) ? region : undefined
}

/** What a drag from this point takes hold of: the region inside, or sides within `reach`; undefined outside. */
export function gripAt ({ x, y }: Point, [x1, y1, x2, y2]: Corners, reach: number): Grip | undefined {
  if (x < x1 - reach || x > x2 + reach || y < y1 - reach || y > y2 + reach) return undefined
  const [left, right] = nearest(x, x1, x2, reach)
  const [top, bottom] = nearest(y, y1, y2, reach)
  return left || right || top || bottom ? { left, top, right, bottom } : ALL
}

/** The region after its held sides moved. It stays inside the photo, and a moved region keeps its size. */
export function dragged (region: Corners, grip: Grip, delta: Point, photo: Size): Corners {
  const [x1, x2] = along([region[0], region[2]], [grip.left, grip.right], delta.x, photo.width)
  const [y1, y2] = along([region[1], region[3]], [grip.top, grip.bottom], delta.y, photo.height)
  return rounded([x1, y1, x2, y2])
}

/** Moves a region, or with `resize` its right and bottom sides only. */
export const nudged = (region: Corners, delta: Point, photo: Size, resize: boolean): Corners =>
  dragged(region, resize ? { ...ALL, left: false, top: false } : ALL, delta, photo)

/** The middle third of a photo: where a region made by the keyboard starts. */
export const middle = ({ width, height }: Size): Corners => rounded([width / 3, height / 3, width * 2 / 3, height * 2 / 3])

/** A region typed as four numbers, inside the photo; undefined if it has no area there. */
export function typed (numbers: readonly number[], photo: Size): Corners | undefined {
  const [x1, y1, x2, y2] = numbers as [number, number, number, number]
  return numbers.every(Number.isFinite) && x1 < x2 && y1 < y2 ? between({ x: x1, y: y1 }, { x: x2, y: y2 }, photo, MIN_SIDE) : undefined
}

/** Tenths of pixels, as short in the URL. */
const rounded = (corners: Corners): Corners => corners.map(value => Math.round(value * 10) / 10) as unknown as Corners

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max)

const ascending = (a: number, b: number): number => a - b

/** Which of two sides is within reach; of two, the nearer. */
function nearest (at: number, low: number, high: number, reach: number): [boolean, boolean] {
  const [toLow, toHigh] = [Math.abs(at - low), Math.abs(at - high)]
  return [toLow <= reach && toLow < toHigh, toHigh <= reach && toHigh <= toLow]
}

function along ([low, high]: [number, number], [holdsLow, holdsHigh]: [boolean, boolean], delta: number, length: number): [number, number] {
  if (holdsLow && holdsHigh) {
    const moved = clamp(low + delta, 0, length - (high - low))
    return [moved, moved + high - low]
  }
  if (holdsLow) return [clamp(low + delta, 0, high - MIN_SIDE), high]
  return holdsHigh ? [low, clamp(high + delta, low + MIN_SIDE, length)] : [low, high]
}

/** Share of the photo's shorter side that surroundings have at least. */
const LEAST_VIEW = 0.5

/** A square of the photo around a region, three times as large, or as far as the photo goes. */
export function surroundings ([x1, y1, x2, y2]: Corners, photo: Size): Corners {
  const side = Math.max(3 * Math.max(x2 - x1, y2 - y1), LEAST_VIEW * Math.min(photo.width, photo.height))
  const [left, right] = centered((x1 + x2) / 2, side, photo.width)
  const [top, bottom] = centered((y1 + y2) / 2, side, photo.height)
  return [left, top, right, bottom]
}

/** A span around a place, moved and cut to stay within 0 … `length`. */
function centered (center: number, side: number, length: number): [number, number] {
  const low = clamp(center - side / 2, 0, Math.max(length - side, 0))
  return [low, Math.min(low + side, length)]
}
