import { rounded } from '../../engine/numbers.ts'
import type { Recognized } from '../recognize.ts'

const DIGITS = 5

/**
 * Like `Results.summary()` of ultralytics, with its rounding.
 * https://docs.ultralytics.com/reference/engine/results/
 */
export const toUltralytics = ({ output: { objects } }: Recognized) => objects.map(({ label, classId, score, box }) => {
  const [x1, y1, x2, y2] = box.map(value => rounded(value, DIGITS))
  return { name: label, class: classId, confidence: rounded(score, DIGITS), box: { x1, y1, x2, y2 } }
})
