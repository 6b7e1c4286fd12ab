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
import type { Explanation, LayerResponse, Level, LevelScores, RegionExplanation } from './explanation.ts'
import { verdictOf } from './verdict.ts'

/** Classes listed for each level. */
const BEST_CLASSES = 5

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
    throw new FeaturesError(`region: lies outside the photo, which is ${image.width}×${image.height}`)
  }
  const inputBox = warpBox(warp, clipped)
  const findings = {
    box: corners(clipped),
    input_box: inputBox,
    ...(classId !== undefined && { class_id: classId }),
    layers: responses.map(response => responseIn(response, inputBox, pass)),
    levels: levelScores(pass, explanation.levels, inputBox)
  }
  return { ...findings, verdict: verdictOf(explanation, findings) }
}

const warpBox = ({ scaleX, scaleY, offsetX, offsetY }: Warp, [x1, y1, x2, y2]: Box): Box =>
  [x1 * scaleX + offsetX, y1 * scaleY + offsetY, x2 * scaleX + offsetX, y2 * scaleY + offsetY]

/** Compares the strongest cell that touches the box with all cells on the photo, by the l2 norm of their channels. */
function responseIn ({ info, output: { dims, data } }: Response, box: Box, { prepared: { image, warp } }: Pass): LayerResponse {
  const { width, height } = mapSize(dims)
  const stride = warp.padded.width / width
  const photo = photoArea(image, warp, stride, { width, height })
  const here = within(touched(box, stride, { width, height }), photo)
  const map = reduceChannels({ shape: dims, data }, 'l2')
  const valuesIn = (area: Area): number[] => Array.from(cellsOf(area, width), cell => map[cell]!)
  const all = valuesIn(photo)
  const response = valuesIn(here).reduce((max, value) => Math.max(max, value))
  const rank = all.filter(value => value < response).length / all.length
  return { layer: info.alias ?? info.name, name: info.name, stride, response: significant(response, 4), rank: significant(rank, 4) }
}

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

/** The best classes of the cells that a box touches, level by level. */
function levelScores ({ layout, predictions, config: { labels } }: Pass, levels: readonly Level[], box: Box): LevelScores[] {
  const toScore = scoreOf(layout)
  let start = 0
  return levels.map(({ stride, width, height }) => {
    const cells = [...cellsOf(touched(box, stride, { width, height }), width)]
    const best = labels.map((label, classId) => {
      const logit = (cell: number): number => predictions[(start + cell) * valuesOf(layout) + classId]!
      const cell = cells.reduce((best, cell) => logit(cell) > logit(best) ? cell : best)
      return { class_id: classId, label, score: toScore(logit(cell)), column: cell % width, row: Math.floor(cell / width) }
    }).sort((a, b) => b.score - a.score).slice(0, BEST_CLASSES)
    start += width * height
    return { stride, cells: cells.length, best: best.map(found => ({ ...found, score: significant(found.score, 4) })) }
  })
}
