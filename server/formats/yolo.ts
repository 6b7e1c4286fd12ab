import { rounded } from '../../engine/numbers.ts'
import type { Recognized } from '../recognize.ts'

const DIGITS = 6

/**
 * Label files of YOLO, with confidences: `class x y width height confidence`, x and y of the center, as fractions of the
 * image's size.
 * https://docs.ultralytics.com/datasets/detect/
 */
export function toYolo ({ output: { image: { width, height }, objects } }: Recognized): string {
  return objects.map(({ classId, score, box: [x1, y1, x2, y2] }) => {
    const box = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height]
    return `${[classId, ...[...box, score].map(value => rounded(value, DIGITS))].join(' ')}\n`
  }).join('')
}
