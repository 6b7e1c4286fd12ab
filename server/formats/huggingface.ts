import { rounded } from '../../engine/numbers.ts'
import type { Recognized } from '../recognize.ts'

/**
 * The reply of Hugging Face's object detection: a list, boxes in whole pixels.
 * https://huggingface.co/docs/inference-providers/tasks/object-detection
 */
export const toHuggingFace = ({ output: { objects } }: Recognized) => objects.map(({ label, score, box }) => {
  const [xmin, ymin, xmax, ymax] = box.map(Math.round)
  return { score: rounded(score, 4), label, box: { xmin, ymin, xmax, ymax } }
})
