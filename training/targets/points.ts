import { centerPriors } from '../../head/decode/priors.ts'
import type { ModelConfig } from '../../models/config.ts'
import { padToStride } from '../../models/resize-mode.ts'

/** The points of a detector's predictions, level by level, row by row, in pixels of its input. */
export interface Points {
  readonly x: Float64Array
  readonly y: Float64Array
  /** Pixels per cell of each point's level. */
  readonly strides: Float64Array
  /** Number of points of each level. */
  readonly levels: readonly number[]
}

/** The points of a detector on input of its config's size. */
export function pointsOf ({ input, head: { strides, offset } }: Pick<ModelConfig, 'input' | 'head'>): Points {
  const priors = centerPriors(padToStride(input), strides, offset)
  return {
    x: Float64Array.from(priors, ({ x }) => x),
    y: Float64Array.from(priors, ({ y }) => y),
    strides: Float64Array.from(priors, ({ stride }) => stride),
    levels: strides.map(stride => priors.filter(prior => prior.stride === stride).length)
  }
}
