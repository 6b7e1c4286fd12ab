/** Ground truth of detection, whatever format it was read from. Field names are COCO's. */

import type { Size } from '../../head/decode/boxes.ts'

/** COCO's ids are numbers; pycocotools takes strings, too. */
export type Id = number | string

/** Top left corner, width and height in pixels. */
export type CocoBox = readonly [x: number, y: number, width: number, height: number]

export interface TruthImage {
  readonly id: Id
  /** Path below the image folder. */
  readonly file_name: string
}

export interface Annotation {
  readonly image_id: Id
  readonly category_id: Id
  readonly bbox: CocoBox
  /** Square pixels; of the object's mask if the file has one, not of its box. */
  readonly area: number
  /** A box around a crowd: detections inside it are ignored. */
  readonly iscrowd?: 0 | 1
  /** Not required to be found, as Pascal VOC's difficult objects. */
  readonly ignore?: boolean
}

export interface Category { readonly id: Id, readonly name: string }

export interface GroundTruth {
  readonly images: readonly TruthImage[]
  readonly annotations: readonly Annotation[]
  readonly categories: readonly Category[]
}

/** Ground truth as its files have it. */
export interface Dataset extends GroundTruth {
  /** Remarks about the files for the user, one sentence each. */
  readonly notes: readonly string[]
  /** What is wrong in the files, one sentence each: measuring overlooks it, training does not. */
  readonly faults?: readonly string[]
  /** Sizes of images as the files state them, by id. */
  readonly sizes?: ReadonlyMap<Id, Size>
}

/** A detection in COCO's results format. */
export interface CocoResult {
  readonly image_id: Id
  readonly category_id: Id
  readonly bbox: CocoBox
  readonly score: number
}

/** Items by one of their keys, in order. */
export function groupBy<Key extends string, Item extends Readonly<Record<Key, Id>>> (
  items: readonly Item[], key: Key
): Map<Id, Item[]> {
  const groups = new Map<Id, Item[]>()
  for (const item of items) {
    const group = groups.get(item[key])
    if (group) group.push(item)
    else groups.set(item[key], [item])
  }
  return groups
}
