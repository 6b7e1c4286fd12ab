/** Where the labels of boxes go. Units are pixels of the photo. */
import { iou, type Box, type Size } from '../../../head/decode/boxes.ts'

/** A box and the size of its label. */
export interface Labeled { readonly box: Box, readonly label: Size }

/** `isFree` unless it would cover another label. */
export interface Place { readonly x: number, readonly y: number, readonly isFree: boolean }

/**
 * Places labels at the corners of their boxes, always on the photo. The first ones choose first: those that find no free place overlap.
 * @param boxes best first
 */
export function placeLabels (boxes: readonly Labeled[], photo: Size): Place[] {
  const taken: Box[] = []
  return boxes.map(({ box, label }): Place => {
    const places = corners(box, label).map(place => within(place, label, photo))
    const free = places.find(place => taken.every(other => iou(other, rectOf(place, label)) === 0))
    if (free) taken.push(rectOf(free, label))
    return { ...free ?? places[0]!, isFree: free !== undefined }
  })
}

/** Above, inside and below the box; at its left, then at its right. */
function corners ([x1, y1, x2, y2]: Box, { width, height }: Size): Array<Omit<Place, 'isFree'>> {
  return [x1, x2 - width].flatMap(x => [y1 - height, y1, y2 - height, y2].map(y => ({ x, y })))
}

/** Moved onto the photo; a label wider than the photo begins at its left side. */
function within ({ x, y }: Omit<Place, 'isFree'>, { width, height }: Size, photo: Size): Omit<Place, 'isFree'> {
  return { x: Math.max(0, Math.min(x, photo.width - width)), y: Math.max(0, Math.min(y, photo.height - height)) }
}

const rectOf = ({ x, y }: Omit<Place, 'isFree'>, { width, height }: Size): Box => [x, y, x + width, y + height]
