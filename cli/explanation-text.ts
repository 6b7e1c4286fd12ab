/** The text that nanodet explain prints. */
import type { CamExplanation, Explanation, ExplainedCandidate, LevelScores, RegionExplanation } from '../engine/explain/explanation.ts'
import { counted } from '../engine/numbers.ts'
import type { toReply } from '../engine/reply.ts'
import { textTable } from './text-table.ts'

/** The JSON of a photo. */
export type ExplainedPhoto = { readonly file: string } & ReturnType<typeof toReply> & Explanation

const CANDIDATES = {
  '#': 'right', label: 'left', score: 'right', stride: 'right', cell: 'left', x1: 'right', y1: 'right', x2: 'right', y2: 'right', state: 'left'
} as const
const LAYERS = { layer: 'left', stride: 'right', response: 'right', rank: 'right' } as const
const CAM = { layer: 'left', stride: 'right', 'in the box': 'right', 'strongest cells': 'left' } as const
const SHOWN_CELLS = 4
const LEVELS = { stride: 'right', cells: 'right', 'best classes': 'left' } as const

/** The best candidates as a table, and what the network made of the region. */
export function describeExplanation (explained: ExplainedPhoto, top: number): string {
  const { file, image, detections, candidates, complete_above: least, region, cam } = explained
  const found = `${counted(detections.length, 'object')}, ${counted(candidates.length, 'candidate')} above ${Number(least.toFixed(4))}`
  const lines = [`${file}: ${image.width}×${image.height}, ${found}`]
  if (candidates.length > 0) lines.push(textTable(CANDIDATES, candidates.slice(0, top).map((_, i) => toRow(explained, i))))
  if (region) lines.push(...describeRegion(region, explained))
  if (cam) lines.push(...describeCam(cam))
  return `${lines.join('\n')}\n`
}

function toRow ({ candidates, cells, levels, labels }: Explanation, index: number): string[] {
  const candidate = candidates[index]!
  const { level, column, row, box } = cells[candidate.cell]!
  const place = [String(levels[level]!.stride), `${column}, ${row}`, ...box.map(value => value.toFixed(1))]
  return [String(index), labels[candidate.class_id]!, candidate.score.toFixed(2), ...place, stateOf(candidate)]
}

const stateOf = (candidate: ExplainedCandidate): string =>
  candidate.state === 'suppressed' ? `suppressed by ${candidate.by} (IoU ${candidate.iou.toFixed(2)})` : candidate.state.replace('_', ' ')

function describeRegion ({ box, class_id: classId, layers, levels, verdict }: RegionExplanation, { labels }: Explanation): string[] {
  const expected = classId === undefined ? '' : `, expected: ${labels[classId]}`
  const responses = layers.map(({ layer, stride, response, rank }) => [layer, String(stride), String(response), `${(rank * 100).toFixed(0)} %`])
  return [
    `region ${box.join(',')}${expected}`,
    ...(layers.length > 0 ? [textTable(LAYERS, responses)] : []),
    textTable(LEVELS, levels.map(toLevelRow)),
    verdict.sentence
  ]
}

function describeCam ({ label, score, layers }: CamExplanation): string[] {
  const rows = layers.map(({ layer, stride, in_box: inBox, cells }) => {
    const best = cells.slice(0, SHOWN_CELLS).map(({ column, row, share }) => `${column}, ${row} (${(share * 100).toFixed(1)} %)`).join('  ')
    return [layer, String(stride), inBox === null ? '' : `${(inBox * 100).toFixed(0)} %`, best || 'none']
  })
  return [`what raised the score of ${label} ${score.toFixed(2)}`, ...(rows.length > 0 ? [textTable(CAM, rows)] : [])]
}

const toLevelRow = ({ stride, cells, best }: LevelScores): string[] =>
  [String(stride), String(cells), best.map(({ label, score }) => `${label} ${score.toFixed(3)}`).join(', ')]
