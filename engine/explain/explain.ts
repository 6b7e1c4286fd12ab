import type { Box, Size } from '../../head/decode/boxes.ts'
import { MAX_CANDIDATES, type Candidate, type PredictionLayout } from '../../head/decode/candidates.ts'
import type { DecodeOptions } from '../../head/decode/decode.ts'
import { bestFirst } from '../../head/decode/nms.ts'
import type { DetectorConfig } from '../../models/config.ts'
import { unwarpBox } from '../../models/resize-mode.ts'
import { rounded } from '../numbers.ts'
import type { Prepared } from '../steps.ts'
import type { Cell, Corners, Explanation, Level, ScoredClass } from './explanation.ts'
import { judge } from './judge.ts'
import { levelsOf, placeOf } from './levels.ts'

/** Candidates are listed down to this score, or down to the threshold if it is lower. */
export const MIN_SCORE = 0.01

/** One forward pass. */
export interface Pass {
  readonly config: DetectorConfig
  readonly prepared: Pick<Prepared, 'warp'> & { readonly image: Size }
  readonly layout: PredictionLayout
  readonly predictions: Float32Array
  /** Down to `minScore`, in the order of points. */
  readonly candidates: readonly Candidate[]
  readonly options: DecodeOptions
}

/** How the detections of a pass came about; the cells are without details. */
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
    options: inWireNames(options),
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

const inWireNames = ({ scoreThreshold, iouThreshold, maxDetections, classes }: DecodeOptions): Explanation['options'] => ({
  score_threshold: scoreThreshold,
  iou_threshold: iouThreshold,
  max_detections: maxDetections,
  ...(classes && { class_ids: classes })
})

const cellOf = ({ prepared: { warp, image } }: Pass, levels: readonly Level[], point: number, box: Box): Cell =>
  ({ ...placeOf(levels, point), box: corners(unwarpBox(warp, box, image)), input_box: box })

/** Rounded as in detections. */
export const corners = (box: Box): Corners => box.map(value => rounded(value, 2)) as unknown as Corners
