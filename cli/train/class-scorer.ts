import type { ClassificationExample } from '../../training/spec.ts'
import type { Found } from '../../training/settings.ts'
import type { Measures } from './progress.ts'
import type { Scorer } from './run-training.ts'

const TOP = 5

/** Scores what a classifier in training finds on the validation photos. */
export class ClassScorer implements Scorer {
  readonly #photos: readonly ClassificationExample[]
  measures: Measures = {}

  constructor (photos: readonly ClassificationExample[]) { this.#photos = photos }

  /** @param found logits of each photo @returns top-1 accuracy */
  score (found: readonly Found[]): number {
    const ranks = found.map((logits, i) => rankOf(this.#photos[i]!.label, logits as Float32Array))
    const among = (count: number): number => ranks.filter(rank => rank < count).length / ranks.length
    this.measures = { 'top-1': among(1), 'top-5': among(TOP) }
    return among(1)
  }
}

/** The number of classes that come before a class. */
function rankOf (classId: number, logits: Float32Array): number {
  const own = logits[classId]!
  return logits.reduce((rank, value, i) => value > own || (value === own && i < classId) ? rank + 1 : rank, 0)
}
