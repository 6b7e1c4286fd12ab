import { clipBox, type Box, type Size } from '../../head/decode/boxes.ts'
import { scoreOf, valuesOf } from '../../head/decode/candidates.ts'
import type { ChosenLayer } from '../../models/choose-layers.ts'
import type { Warp } from '../../models/resize-mode.ts'
import { FeaturesError } from '../errors.ts'
import { cellsOf, photoArea, wholeArea, type Area } from '../features/area.ts'
import { mapSize } from '../features/array.ts'
import { reduceChannels } from '../features/reduce.ts'
import { significant } from '../numbers.ts'
import type { Region } from '../results.ts'
import type { Output } from '../session.ts'
import { corners, type Pass } from './explain.ts'
import type { BestCell, Explanation, LayerResponse, Level, LevelScores, RegionExplanation } from './explanation.ts'
import { pointOf } from './levels.ts'
import { verdictOf } from './verdict.ts'

/** Classes listed for each level. */
const BEST_CLASSES = 5
/** The most that are: these, and the expected one. */
export const MAX_NAMED = BEST_CLASSES + 1

/** A layer's output for the photo. */
export interface Response { readonly info: ChosenLayer, readonly output: Output }

/**
 * What the network made of a region, and the verdict.
 * @throws FeaturesError if the region lies outside the photo
 */
export function explainRegion (
  pass: Pass, explanation: Explanation, { box, classId }: Region, responses: readonly Response[]
): RegionExplanation {
  const { image, warp } = pass.prepared
  const clipped = clipBox(box, image)
  if (!(clipped[0] < clipped[2] && clipped[1] < clipped[3])) {
    throw new FeaturesError(`region: expected a part of the photo, which is ${image.width}×${image.height}`)
  }
  const inputBox = warpBox(warp, clipped)
  const findings = {
    box: corners(clipped),
    input_box: inputBox,
    ...(classId !== undefined && { class_id: classId }),
    layers: responses.map(response => responseIn(response, inputBox, pass)),
    levels: levelScores(pass, explanation.levels, inputBox, classId)
  }
  return { ...findings, verdict: verdictOf(explanation, findings) }
}

const warpBox = ({ scaleX, scaleY, offsetX, offsetY }: Warp, [x1, y1, x2, y2]: Box): Box =>
  [x1 * scaleX + offsetX, y1 * scaleY + offsetY, x2 * scaleX + offsetX, y2 * scaleY + offsetY]

/** Compares the strongest cell that touches the box with all cells on the photo, by the l2 norm of their channels. */
function responseIn ({ info, output: { dims, data } }: Response, box: Box, { prepared: { image, warp } }: Pass): LayerResponse {
  const size = mapSize(dims)
  const stride = warp.padded.width / size.width
  const photo = photoArea(image, warp, stride, size)
  const map = reduceChannels({ shape: dims, data }, 'l2')
  const valuesIn = (area: Area): number[] => Array.from(cellsOf(area, size.width), cell => map[cell]! || 0) // 0 for NaN
  const all = valuesIn(photo)
  const response = valuesIn(within(touched(box, stride, size), photo)).reduce((max, value) => Math.max(max, value))
  const rank = rankIn(all, response)
  return { layer: info.alias ?? info.name, name: info.name, stride, response: significant(response, 4), rank: significant(rank, 4) }
}

/** The share of the other values that are lower; 1 if there are no others. */
const rankIn = (all: readonly number[], value: number): number =>
  all.length === 1 ? 1 : all.filter(other => other < value).length / (all.length - 1)

/** The cells that a box touches. */
function touched ([x1, y1, x2, y2]: Box, stride: number, size: Size): Area {
  const [left, top] = [Math.floor(x1 / stride), Math.floor(y1 / stride)]
  return within({ left, top, right: Math.ceil(x2 / stride), bottom: Math.ceil(y2 / stride) }, wholeArea(size))
}

/** The part of an area inside another; at least one cell, the nearest. */
function within (area: Area, limit: Area): Area {
  const left = Math.min(Math.max(area.left, limit.left), limit.right - 1)
  const top = Math.min(Math.max(area.top, limit.top), limit.bottom - 1)
  const right = Math.max(Math.min(area.right, limit.right), left + 1)
  return { left, top, right, bottom: Math.max(Math.min(area.bottom, limit.bottom), top + 1) }
}

/** The best wanted classes of the cells that a box touches, and the expected one, level by level. */
function levelScores (pass: Pass, levels: readonly Level[], box: Box, expected: number | undefined): LevelScores[] {
  const { options: { classes }, layout: { numClasses } } = pass
  const wanted = classes ?? Array.from({ length: numClasses }, (_, classId) => classId)
  return levels.map((level, i) => {
    const start = pointOf(levels, { level: i, column: 0, row: 0 })
    const cells = cellsOf(touched(box, level.stride, level), level.width)
    const found = wanted.map(classId => bestCell(pass, cells, start, classId)).sort((a, b) => b.score - a.score)
    const best = found.filter(({ class_id: classId }, i) => i < BEST_CLASSES || classId === expected)
    return { stride: level.stride, cells: cells.length, best: best.map(cell => described(cell, level, pass)) }
  })
}

interface ScoredCell { readonly class_id: number, readonly cell: number, readonly score: number }

/** The cell where a class has its highest score. @param start point of the first cell of the level */
function bestCell ({ layout, predictions }: Pass, cells: Uint32Array, start: number, classId: number): ScoredCell {
  const values = valuesOf(layout)
  let best = cells[0]!
  let highest = -Infinity
  for (const cell of cells) {
    const value = predictions[(start + cell) * values + classId]!
    if (!(value > highest)) continue
    highest = value
    best = cell
  }
  return { class_id: classId, cell: best, score: scoreOf(layout)(highest) }
}

const described = ({ class_id: classId, cell, score }: ScoredCell, { width }: Level, { config: { labels } }: Pass): BestCell => ({
  class_id: classId,
  label: labels[classId]!,
  score: significant(Math.max(score, 0), 4), // -Infinity if all are NaN
  column: cell % width,
  row: Math.floor(cell / width)
})
