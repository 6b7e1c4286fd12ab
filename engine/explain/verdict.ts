/** Why nothing was found in a region. Pure, so that the page can judge anew when its thresholds change. */
import { iou } from '../../head/decode/boxes.ts'
import type { BestCell, Cell, ExplainedCandidate, Explanation, LayerResponse, RegionExplanation, Verdict } from './explanation.ts'
import { judge } from './judge.ts'

/** Overlap (IoU) from which a box is the region's, as in Pascal VOC. */
const MATCH = 0.5
/** Overlap from which a box is surely the region's, even if a suppressed one fits better. */
const GOOD_MATCH = 0.75
/** A suppressed box that fits better by this much is another object. */
const BETTER = 0.15
/** Lower scores mean nothing: they occur on empty road, too. */
const LEAST_SCORE = 0.1
/** A layer whose strongest cell in the region outdoes this share of the photo's cells sees something there. */
const SEEN = 0.9

type Findings = Omit<RegionExplanation, 'verdict'>
type Judged = Pick<Explanation, 'candidates' | 'cells' | 'labels' | 'levels' | 'options'>

/** A candidate, its index, and its overlap with the region. */
interface Match { readonly index: number, readonly candidate: ExplainedCandidate, readonly overlap: number }

/** Judges a region. @param explanation its candidates have the states that the thresholds give them */
export function verdictOf (explanation: Judged, findings: Findings): Verdict {
  return fromBoxes(explanation, findings) ?? fromCells(explanation, findings) ?? tooSmall(explanation, findings) ?? fromLayers(findings)
}

/** Explains by candidates that fit the region. */
function fromBoxes (explanation: Judged, { class_id: expected, input_box: region }: Findings): Verdict | undefined {
  const matches = explanation.candidates
    .map((candidate, index): Match => ({ index, candidate, overlap: iou(boxOf(explanation, candidate), region) }))
    .filter(({ overlap }) => overlap >= MATCH)
  const ofClass = matches.filter(({ candidate }) => expected === undefined || candidate.class_id === expected)
  const fitting = (state: ExplainedCandidate['state'], among = ofClass): Match | undefined =>
    bestFit(among.filter(({ candidate }) => candidate.state === state))
  const kept = fitting('kept')
  const suppressed = fitting('suppressed')
  if (kept && (kept.overlap >= GOOD_MATCH || !suppressed || suppressed.overlap < kept.overlap + BETTER)) return found(explanation, kept)
  if (suppressed) return suppressedBy(explanation, suppressed)
  const leftOut = fitting('beyond_maximum')
  if (leftOut) return beyondMaximum(explanation, leftOut)
  const other = fitting('kept', matches)
  return other ? takenFor(explanation, other) : belowThreshold(explanation, ofClass)
}

const bestFit = (matches: readonly Match[]): Match | undefined =>
  matches.toSorted((a, b) => b.overlap - a.overlap)[0]

const boxOf = ({ cells }: { readonly cells: readonly Cell[] }, { cell }: { readonly cell: number }) => cells[cell]!.input_box

function found (explanation: Judged, match: Match): Verdict {
  const { about, label, score } = aboutMatch(explanation, match)
  return { kind: 'found', sentence: `Found: ${label}, ${inShort(score)}.`, ...about }
}

function takenFor (explanation: Judged, match: Match): Verdict {
  const { about, label, score } = aboutMatch(explanation, match)
  return { kind: 'taken_for', sentence: `Taken for ${label} (${inShort(score)}).`, ...about }
}

function beyondMaximum (explanation: Judged, match: Match): Verdict {
  const { about, label, score } = aboutMatch(explanation, match)
  const { max_detections: max } = explanation.options
  return { kind: 'beyond_maximum', sentence: `Left out: ${label} (${inShort(score)}) is not among the best ${max}.`, ...about }
}

function suppressedBy (explanation: Judged, match: Match): Verdict {
  const { about, label, score } = aboutMatch(explanation, match)
  const { candidate } = match
  if (candidate.state !== 'suppressed') throw new TypeError('expected a suppressed candidate')
  const { by, iou } = candidate
  const other = inShort(explanation.candidates[by]!.score)
  const sentence = `Suppressed: this ${label} (${inShort(score)}) overlaps another (${other}) by an IoU of ${inShort(iou)}.`
  return { kind: 'suppressed', sentence, ...about, by, iou }
}

/** The best candidate of the region that would appear with a lower threshold. */
function belowThreshold (explanation: Judged, matches: readonly Match[]): Verdict | undefined {
  const { options: { iou_threshold: iouThreshold, max_detections: maxDetections }, candidates, cells } = explanation
  const match = matches.find(({ candidate: { score, state } }) => state === 'below_threshold' && score >= LEAST_SCORE)
  if (!match) return undefined
  const lowered = judge(candidates.slice(0, match.index + 1), cells, { scoreThreshold: 0, iouThreshold, maxDetections })
  const fate = lowered.at(-1)!
  if (fate.state === 'suppressed') return suppressedBy({ ...explanation, candidates: lowered }, { ...match, candidate: fate })
  const { about, label, score } = aboutMatch(explanation, match)
  return { kind: 'below_threshold', sentence: `Below the threshold: ${label} would appear at ${inShort(score)}.`, ...about }
}

/** Explains by a class that the cells in the region predict above the threshold, with a box that does not fit. */
function fromCells ({ options: { score_threshold: threshold } }: Judged, { levels, class_id: expected }: Findings): Verdict | undefined {
  const best = bestClass(levels)
  if (best.score <= threshold || best.class_id === expected) return undefined
  const sentence = `Taken for a part of ${best.label} (${inShort(best.score)}), whose box does not fit the region.`
  return { kind: 'taken_for', sentence, ...classOf(best) }
}

function tooSmall ({ levels: [finest] }: Judged, { input_box: [x1, y1, x2, y2] }: Findings): Verdict | undefined {
  const side = Math.min(x2 - x1, y2 - y1)
  if (side >= finest!.stride) return undefined
  const pixels = Number(side.toPrecision(2))
  const sentence = `Too small: ${pixels} ${pixels === 1 ? 'pixel' : 'pixels'} in the network's input, where the finest cells are ${finest!.stride}.`
  return { kind: 'too_small', sentence, pixels }
}

/** Explains by the stages' responses. */
function fromLayers ({ layers, levels }: Findings): Verdict {
  const stages = layers.filter(({ layer }) => /^stage\d/.test(layer))
  const lastSeen = stages.findLastIndex(({ rank }) => rank >= SEEN)
  if (stages.length > 0 && lastSeen < 0) return { kind: 'not_seen', sentence: 'Not seen: no stage responds more here than elsewhere.' }
  const lost = stages[lastSeen + 1]
  return lost ? faded(lost) : notRecognized(levels)
}

const faded = ({ layer, rank }: LayerResponse): Verdict =>
  ({ kind: 'faded', sentence: `Faded at ${nameOf(layer)}: ${percent(1 - rank)} of the photo responds as much or more there.`, layer })

const nameOf = (layer: string): string => layer.replace(/^stage/, 'stage ')

function notRecognized (levels: Findings['levels']): Verdict {
  const best = bestClass(levels)
  const sentence = `Seen, but not recognized: the best class is ${best.label} with ${inShort(best.score)}.`
  return { kind: 'not_recognized', sentence, ...classOf(best) }
}

const bestClass = (levels: Findings['levels']): BestCell =>
  levels.flatMap(({ best }) => best).reduce((best, found) => found.score > best.score ? found : best)

const classOf = ({ class_id: classId, label, score }: BestCell) => ({ class_id: classId, label, score })

function aboutMatch ({ labels }: Judged, { index, candidate: { class_id: classId, score } }: Match) {
  const label = labels[classId]!
  return { label, score, about: { candidate: index, class_id: classId, label, score } }
}

/** Rounded down: at this threshold, the object is still there. */
const inShort = (score: number): string => (Math.floor(score * 100) / 100).toFixed(2)

const percent = (share: number): string => `${Math.round(share * 100)} %`
