import { rounded } from './numbers.ts'
import type { DetectedObject, DetectOutput, Times, Timed } from './results.ts'

/** Detections as POST /detect and the commands write them: boxes in pixels of the photo as displayed, times in ms. */
export function toReply (model: string, { image, objects, times }: Timed<DetectOutput>) {
  return {
    model,
    image: { width: image.width, height: image.height },
    detections: toDetections(objects),
    timing: toTiming(times)
  }
}

/** Objects in the JSON of our API. */
export const toDetections = (objects: readonly DetectedObject[]) => objects.map(({ label, classId, score, box: [x1, y1, x2, y2] }) => ({
  label,
  class_id: classId,
  score: rounded(score, 4),
  box: { x1: rounded(x1, 2), y1: rounded(y1, 2), x2: rounded(x2, 2), y2: rounded(y2, 2) }
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
