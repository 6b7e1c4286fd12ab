import { COCO_LABELS } from '../../models/labels.ts'
import type { Recognized } from '../../server/recognize.ts'

const size = { width: 700, height: 700 }

/** What nanodet-m-416 finds in sample-me.jpg. */
export const FOUND: Recognized = {
  model: 'nanodet-m-416',
  labels: COCO_LABELS,
  output: {
    image: { ...size, format: 'jpeg', orientation: 1, pages: 1, space: 'srgb' },
    objects: [
      { label: 'person', classId: 0, score: 0.824235, box: [46.6957, 64.92564, 695.60303, 698.47554] },
      { label: 'tie', classId: 27, score: 0.711906, box: [258.07166, 535.7818, 358.8162, 700] }
    ],
    times: { queue: 0, decode: 5.342, preprocess: 2.134, inference: 12.651, postprocess: 0.718, total: 21.597 }
  }
}

/** The same of a model with other labels. */
export function foundWith (labels: readonly string[]): Recognized {
  const { output } = FOUND
  const objects = output.objects.slice(0, labels.length).map((object, classId) => ({ ...object, classId, label: labels[classId]! }))
  return { ...FOUND, labels, output: { ...output, objects } }
}

/** An image without objects. */
export const NOTHING: Recognized = foundWith([])
