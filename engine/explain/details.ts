import { scoreOf, valuesOf } from '../../head/decode/candidates.ts'
import { distributionsOf } from './distributions.ts'
import type { CellDetails } from './explanation.ts'
import type { Pass } from './explain.ts'

const TEN_THOUSAND = 1e4

/** All class scores and the distributions of a point. */
export function detailsOf ({ predictions, layout }: Pick<Pass, 'predictions' | 'layout'>, point: number): CellDetails {
  const { numClasses, regMax } = layout
  const start = point * valuesOf(layout)
  const end = start + numClasses
  const toScore = scoreOf(layout)
  const scores: number[] = []
  for (let i = start; i < end; i++) scores.push(Math.round(toScore(predictions[i]!) * TEN_THOUSAND) || 0) // 0 for NaN
  return { class_scores: scores, ...(regMax > 0 && { distributions: distributionsOf(predictions, end, regMax + 1) }) }
}
