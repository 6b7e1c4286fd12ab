import { rounded } from './numbers.ts'
import type { DetectedObject, DetectOutput, Times, Timed } from './results.ts'

/** Decimals of scores, and of boxes in pixels. */
export interface Digits { readonly score: number, readonly box: number }

const REPLY_DIGITS: Digits = { score: 4, box: 2 }
/** Enough to compute the AP of unrounded detections: 4 and 2 change the AP50 of coco128 by 0.0006. */
export const SCORING_DIGITS: Digits = { score: 6, box: 4 }

/** Detections as POST /detect and the commands write them: boxes in pixels of the photo as displayed, times in ms. */
export function toReply (model: string, { image, objects, times }: Timed<DetectOutput>, digits = REPLY_DIGITS) {
  return {
    model,
    image: { width: image.width, height: image.height },
    detections: toDetections(objects, digits),
    timing: toTiming(times)
  }
}

/** Objects in the JSON of our API. */
export const toDetections = (objects: readonly DetectedObject[], digits = REPLY_DIGITS) =>
  objects.map(({ label, classId, score, box: [x1, y1, x2, y2] }) => ({
    label,
    class_id: classId,
    score: rounded(score, digits.score),
    box: { x1: rounded(x1, digits.box), y1: rounded(y1, digits.box), x2: rounded(x2, digits.box), y2: rounded(y2, digits.box) }
  }))

/** Milliseconds of the steps in replies. */
export function toTiming (times: Times) {
  return {
    decode_ms: rounded(times.decode, 2),
    preprocess_ms: rounded(times.preprocess, 2),
    inference_ms: rounded(times.inference, 2),
    postprocess_ms: rounded(times.postprocess, 2),
    total_ms: rounded(times.total, 2)
  }
}
