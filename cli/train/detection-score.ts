import type { Found } from '../../training/settings.ts'
import { cocoScores } from '../eval/coco-ap.ts'
import type { CocoResult, GroundTruth } from '../eval/ground-truth.ts'
import type { DetectedObject } from '../../engine/results.ts'
import type { Measures } from './progress.ts'
import type { Scorer } from './run-training.ts'

/** Scores what a detector in training finds on the validation photos. */
export class DetectionScorer implements Scorer {
  readonly #truth: GroundTruth
  measures: Measures = {}

  /** @param truth images and categories by index, in the order of the validation photos and the labels */
  constructor (truth: GroundTruth) { this.#truth = truth }

  /** COCO's AP. */
  score (found: readonly Found[]): number {
    const results = found.flatMap((objects, i) => (objects as readonly DetectedObject[]).map(object => resultOf(i, object)))
    const { AP, AP50 } = cocoScores(this.#truth, results).summary
    this.measures = { AP, AP50 }
    return AP
  }
}

const resultOf = (image: number, { classId, score, box: [x1, y1, x2, y2] }: DetectedObject): CocoResult =>
  ({ image_id: image, category_id: classId, bbox: [x1, y1, x2 - x1, y2 - y1], score })
