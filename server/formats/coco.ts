import { rounded } from '../../engine/numbers.ts'
import { categoryIds } from '../../models/labels.ts'
import type { Recognized } from '../recognize.ts'

/**
 * COCO's results, as pycocotools' loadRes reads them: boxes are x, y, width, height.
 * https://cocodataset.org/#format-results
 */
export function toCoco ({ labels, output: { objects } }: Recognized, imageId: number) {
  const ids = categoryIds(labels)
  return objects.map(({ classId, score, box: [x1, y1, x2, y2] }) => ({
    image_id: imageId,
    category_id: ids[classId]!,
    bbox: [x1, y1, x2 - x1, y2 - y1].map(value => rounded(value, 2)),
    score: rounded(score, 4)
  }))
}
