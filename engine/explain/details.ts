import { scoreOf, valuesOf } from '../../head/decode/candidates.ts'
import { distributionsOf } from './distributions.ts'
import type { CellDetails } from './explanation.ts'
import type { Pass } from './explain.ts'

const TEN_THOUSAND = 1e4

/** All class scores and the distributions of a point. */
export function detailsOf ({ predictions, layout }: Pick<Pass, 'predictions' | 'layout'>, point: number): CellDetails {
  const { numClasses, regMax } = layout
  const start = point * valuesOf(layout)
  const toScore = scoreOf(layout)
  const values = predictions.subarray(start, start + numClasses)
  return {
    class_scores: Array.from(values, value => Math.round(toScore(value) * TEN_THOUSAND) || 0), // 0 for NaN
    ...(regMax > 0 && { distributions: distributionsOf(predictions, start + numClasses, regMax + 1) })
  }
}
