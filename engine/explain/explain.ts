import type { Box, Size } from '../../head/decode/boxes.ts'
import { MAX_CANDIDATES, scoreOf, valuesOf, type Candidate, type PredictionLayout } from '../../head/decode/candidates.ts'
import type { DecodeOptions } from '../../head/decode/decode.ts'
import { bestFirst } from '../../head/decode/nms.ts'
import type { DetectorConfig } from '../../models/config.ts'
import { unwarpBox } from '../../models/resize-mode.ts'
import { rounded } from '../numbers.ts'
import type { Prepared } from '../steps.ts'
import { distributionsOf } from './distributions.ts'
import type { Cell, Corners, Explanation, Level, ScoredClass } from './explanation.ts'
import { judge } from './judge.ts'

/** Candidates are listed down to this score, or down to the threshold if it is lower. */
export const MIN_SCORE = 0.01

/** One forward pass. */
export interface Pass {
  readonly config: DetectorConfig
  readonly prepared: Prepared
  readonly layout: PredictionLayout
  readonly predictions: Float32Array
  /** Down to `minScore`, in the order of points. */
  readonly candidates: readonly Candidate[]
  readonly options: DecodeOptions
}

/** How the detections of a pass came about. */
export function explain (pass: Pass): Explanation {
  const { config: { head, labels }, prepared: { warp }, candidates, options } = pass
  const levels = levelsOf(head.strides, warp.padded)
  const boxes = new Map(candidates.map(({ point, box }) => [point, box]))
  const cells = [...boxes].map(([point, box]) => cellOf(pass, levels, point, box))
  const cellIndex = new Map([...boxes.keys()].map((point, i) => [point, i]))
  const scored: ScoredClass[] = bestFirst(candidates).map(({ point, classId, score }) =>
    ({ cell: cellIndex.get(point)!, class_id: classId, score }))
  return {
    input: warp.padded,
    warp: { scale: [warp.scaleX, warp.scaleY], pad: [warp.offsetX, warp.offsetY] },
    options: {
      score_threshold: options.scoreThreshold,
      iou_threshold: options.iouThreshold,
      max_detections: options.maxDetections,
      ...(options.classes && { class_ids: options.classes })
    },
    labels,
    complete_above: scored.length < MAX_CANDIDATES ? minScore(options) : scored.at(-1)!.score,
    offset: head.offset,
    levels,
    cells,
    candidates: judge(scored, cells, options)
  }
}

/** The score above which candidates are listed. */
export const minScore = ({ scoreThreshold }: DecodeOptions): number => Math.min(scoreThreshold, MIN_SCORE)

function levelsOf (strides: readonly number[], { width, height }: Size): Level[] {
  return strides.map(stride => ({ stride, width: Math.ceil(width / stride), height: Math.ceil(height / stride) }))
}

/** The level of a point, and its place there. */
export function placeOf (levels: readonly Level[], point: number): Pick<Cell, 'level' | 'column' | 'row'> {
  let start = 0
  for (const [level, { width, height }] of levels.entries()) {
    const index = point - start
    if (index < width * height) return { level, column: index % width, row: Math.floor(index / width) }
    start += width * height
  }
  throw new RangeError(`point ${point} is beyond the last level`)
}

function cellOf ({ prepared: { warp, image }, predictions, layout }: Pass, levels: readonly Level[], point: number, box: Box): Cell {
  const start = point * valuesOf(layout)
  const toScore = scoreOf(layout)
  const scores = Array.from(predictions.subarray(start, start + layout.numClasses), value => Math.round(toScore(value) * 1e4))
  return {
    ...placeOf(levels, point),
    box: corners(unwarpBox(warp, box, image)),
    input_box: box,
    class_scores: scores,
    ...(layout.regMax > 0 && { distributions: distributionsOf(predictions, start + layout.numClasses, layout.regMax + 1) })
  }
}

/** Rounded as in detections. */
export const corners = (box: Box): Corners => box.map(value => rounded(value, 2)) as unknown as Corners
