import { namesIn } from './names.ts'
import { nearest } from './nearest.ts'

/** COCO's 80 classes in the order of NanoDet's outputs. https://cocodataset.org */
export const COCO_LABELS = [
  'person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat', 'traffic light',
  'fire hydrant', 'stop sign', 'parking meter', 'bench', 'bird', 'cat', 'dog', 'horse', 'sheep', 'cow',
  'elephant', 'bear', 'zebra', 'giraffe', 'backpack', 'umbrella', 'handbag', 'tie', 'suitcase', 'frisbee',
  'skis', 'snowboard', 'sports ball', 'kite', 'baseball bat', 'baseball glove', 'skateboard', 'surfboard', 'tennis racket', 'bottle',
  'wine glass', 'cup', 'fork', 'knife', 'spoon', 'bowl', 'banana', 'apple', 'sandwich', 'orange',
  'broccoli', 'carrot', 'hot dog', 'pizza', 'donut', 'cake', 'chair', 'couch', 'potted plant', 'bed',
  'dining table', 'toilet', 'tv', 'laptop', 'mouse', 'remote', 'keyboard', 'cell phone', 'microwave', 'oven',
  'toaster', 'sink', 'refrigerator', 'book', 'clock', 'vase', 'scissors', 'teddy bear', 'hair drier', 'toothbrush'
] as const

/** Unused category ids between 1 and 90 in COCO. */
const UNUSED_IDS = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]
/** Category ids of the labels in COCO's annotations. */
export const COCO_CATEGORY_IDS: readonly number[] = Array.from({ length: 90 }, (_, i) => i + 1).filter(id => !UNUSED_IDS.includes(id))

/** Each label's category id in a data set like COCO: COCO's own for its labels, others count from 1. */
export function categoryIds (labels: readonly string[]): readonly number[] {
  const isCoco = labels.length === COCO_LABELS.length && COCO_LABELS.every((label, i) => label === labels[i])
  return isCoco ? COCO_CATEGORY_IDS : labels.map((_, i) => i + 1)
}

/** Maximum number of classes of a model. */
export const MAX_CLASSES = 10_000

/** Labels for unnamed classes: `class_0`, `class_1` … */
export const numberedLabels = (count: number): string[] => Array.from({ length: count }, (_, i) => `class_${i}`)

/** A list of labels that can't be used. */
export class LabelError extends Error {
  override readonly name = 'LabelError'
}

/**
 * The class ids of comma-separated labels, without duplicates.
 * @throws LabelError naming unknown labels and similar known ones
 */
export function classIds (text: string, labels: readonly string[]): number[] {
  const wanted = namesIn(text)
  const idOf = new Map(labels.map((label, id) => [label, id] as const).reverse()) // of equal labels, the first is used
  const unknown = wanted.filter(label => !idOf.has(label))
  if (wanted.length === 0) throw new LabelError('expected labels, separated by commas')
  if (unknown.length > 0) throw new LabelError(`the model has no label ${unknown.join(', ')}${suggestion(unknown, labels)}`)
  return wanted.map(label => idOf.get(label)!)
}

function suggestion (unknown: readonly string[], labels: readonly string[]): string {
  const near = unknown.flatMap(label => nearest(label, labels, { count: 1, maxEdits: Math.max(2, Math.ceil(label.length / 3)) }))
  return near.length > 0 ? `; did you mean ${[...new Set(near)].join(', ')}?` : ''
}
