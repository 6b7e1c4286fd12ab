import { centerPriors } from '../../head/decode/priors.ts'
import type { ModelConfig } from '../../models/config.ts'
import { padToStride } from '../../models/resize-mode.ts'

/** The points of a detector's predictions, level by level, row by row, in pixels of its input. */
export interface Points {
  readonly x: Float64Array
  readonly y: Float64Array
  /** Pixels per cell of each point's level. */
  readonly strides: Float64Array
  readonly levels: readonly Level[]
}

/** A grid of points, row by row. */
export interface Level {
  /** Index of its first point. */
  readonly first: number
  readonly columns: number
  readonly rows: number
  readonly stride: number
}

/** The points of a detector on input of its config's size. */
export function pointsOf ({ input, head: { strides, offset } }: Pick<ModelConfig, 'input' | 'head'>): Points {
  const size = padToStride(input)
  const priors = centerPriors(size, strides, offset)
  return {
    x: Float64Array.from(priors, ({ x }) => x),
    y: Float64Array.from(priors, ({ y }) => y),
    strides: Float64Array.from(priors, ({ stride }) => stride),
    levels: strides.map(stride => ({
      first: priors.findIndex(prior => prior.stride === stride),
      columns: Math.ceil(size.width / stride),
      rows: Math.ceil(size.height / stride),
      stride
    }))
  }
}
