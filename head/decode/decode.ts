/** Predictions → boxes, as upstream's head.post_process does it. Upstream: nanodet/model/head/nanodet_plus_head.py, gfl_head.py */
import type { Size } from './boxes.ts'
import { candidates, type PredictionLayout, type Wanted } from './candidates.ts'
import { nms, type Detection } from './nms.ts'
import type { CenterPrior } from './priors.ts'

export interface DecodeOptions extends Wanted {
  /** Boxes of one class that overlap by more are one object, 0 … 1. */
  readonly iouThreshold: number
  readonly maxDetections: number
}

/**
 * Only the best `MAX_CANDIDATES` boxes take part in the suppression; of equal scores the first, point by point, class by class. Upstream's
 * multiclass_nms has no such limit. It changes nothing if the best contain `maxDetections` objects, because suppression goes from the best
 * down; otherwise objects with lower scores are missing. With upstream's thresholds (0.05, 100 objects), all photos of coco128 keep theirs.
 * @param predictions `[points, numClasses + 4 · (regMax + 1)]` of one image; distances are always logits
 * @param priors one per point
 * @param input the network's input, which boxes are clipped to and measured in
 * @returns best first
 */
export function decode (
  predictions: Float32Array, layout: PredictionLayout, priors: readonly CenterPrior[], input: Size, options: DecodeOptions
): Detection[] {
  const found = candidates(predictions, layout, priors, input, options).map(({ classId, score, box }) => ({ classId, score, box }))
  return nms(found, options.iouThreshold, options.maxDetections)
}
