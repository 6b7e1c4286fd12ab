/** Why nothing was found in a region. Pure, so that the page can judge anew when its thresholds change. */
import { iou } from '../../head/decode/boxes.ts'
import type { BestCell, Cell, ExplainedCandidate, Explanation, RegionExplanation, Verdict } from './explanation.ts'
import { judge } from './judge.ts'
import * as sentence from './sentences.ts'

/** Overlap (IoU) from which a box is the region's, as in Pascal VOC. */
export const MATCH = 0.5
/** Overlap from which a box is surely the region's, even if another fits better. */
export const GOOD_MATCH = 0.75
/** Overlap from which a detection is about the region if nothing fits better: regions are drawn by hand. */
export const LOOSE_MATCH = 0.25
/** A box that fits better by this much is another object. */
export const BETTER = 0.15
/** Lower scores mean nothing: they occur on empty road, too. */
export const LEAST_SCORE = 0.1
/** A layer whose strongest cell in the region outdoes this share of the photo's other cells sees something there. */
export const SEEN = 0.9

type Findings = Omit<RegionExplanation, 'verdict'>
type Judged = Pick<Explanation, 'candidates' | 'cells' | 'labels' | 'levels' | 'options'>

/** A candidate, its index, and its overlap with the region. */
interface Match { readonly index: number, readonly candidate: ExplainedCandidate, readonly overlap: number }

/** The matches of a region; `best` is the one in a state that fits best. */
interface Matches { readonly all: readonly Match[], readonly best: (state: ExplainedCandidate['state'], least: number) => Match | undefined }

/** Judges a region. @param explanation its candidates have the states that the thresholds give them */
export function verdictOf (explanation: Judged, findings: Findings): Verdict {
  return fromBoxes(explanation, findings) ?? tooSmall(explanation, findings) ?? fromLayers(explanation, findings)
}

/** Explains by candidates that overlap the region: those of the expected class first. */
function fromBoxes (explanation: Judged, findings: Findings): Verdict | undefined {
  const { class_id: expected } = findings
  const overlapping = explanation.candidates
    .map((candidate, index): Match => ({ index, candidate, overlap: iou(boxOf(explanation, candidate), findings.input_box) }))
    .filter(({ overlap }) => overlap >= LOOSE_MATCH)
  const ofClass = matchesOf(overlapping.filter(({ candidate }) => expected === undefined || candidate.class_id === expected))
  const other = matchesOf(overlapping).best('kept', LOOSE_MATCH)
  const fitsWell = other && other.overlap >= MATCH
  return fromDetections(explanation, ofClass) ??
    (fitsWell ? takenFor(explanation, findings, other) : undefined) ??
    fromLowScores(explanation, ofClass) ??
    (other ? takenFor(explanation, findings, other) : undefined)
}

function matchesOf (all: readonly Match[]): Matches {
  const best: Matches['best'] = (state, least) => all
    .filter(({ candidate, overlap }) => candidate.state === state && overlap >= least)
    .toSorted((a, b) => b.overlap - a.overlap)[0]
  return { all, best }
}

const boxOf = ({ cells }: { readonly cells: readonly Cell[] }, { cell }: { readonly cell: number }) => cells[cell]!.input_box

/** Explains by candidates above the threshold that fit the region. */
function fromDetections (explanation: Judged, { best }: Matches): Verdict | undefined {
  const kept = best('kept', MATCH)
  const suppressed = best('suppressed', MATCH)
  if (kept && (kept.overlap >= GOOD_MATCH || !suppressed || suppressed.overlap < kept.overlap + BETTER)) return found(explanation, kept)
  if (suppressed) return suppressedBy(explanation, suppressed)
  const leftOut = best('beyond_maximum', MATCH)
  return leftOut && beyondMaximum(explanation, leftOut)
}

/** Explains by a candidate below the threshold that fits the region, or by a detection that fits it nearly as well. */
function fromLowScores (explanation: Judged, matches: Matches): Verdict | undefined {
  const loose = matches.best('kept', LOOSE_MATCH)
  const low = matches.all.filter(({ overlap, candidate: { score, state } }) => state === 'below_threshold' && overlap >= MATCH && score >= LEAST_SCORE)
  const lowered = low.length > 0 ? withLowThreshold(explanation) : explanation
  const shown = low.find(({ index }) => lowered.candidates[index]!.state !== 'suppressed') ?? low[0]
  if (loose && !(shown && shown.overlap >= loose.overlap + BETTER)) return found(explanation, loose)
  return shown && belowThreshold(lowered, { ...shown, candidate: lowered.candidates[shown.index]! })
}

/** The same candidates as if all were above the threshold. */
function withLowThreshold (explanation: Judged): Judged {
  const { options: { iou_threshold: iouThreshold, max_detections: maxDetections }, candidates, cells } = explanation
  return { ...explanation, candidates: judge(candidates, cells, { scoreThreshold: -1, iouThreshold, maxDetections }) }
}

function found (explanation: Judged, match: Match): Verdict {
  const { about, named } = aboutMatch(explanation, match)
  return { kind: 'found', sentence: sentence.found(named, looseness(match)), ...about }
}

function takenFor (explanation: Judged, { class_id: expected, levels }: Findings, match: Match): Verdict {
  const { about, named } = aboutMatch(explanation, match)
  const best = bestCell(levels, expected)
  return { kind: 'taken_for', sentence: sentence.takenFor(named, looseness(match), best && atLeast(best)), ...about }
}

/** The score is unimportant if it is too low. */
const atLeast = ({ label, score }: BestCell) => ({ label, score: score < LEAST_SCORE ? `less than ${LEAST_SCORE}` : sentence.inShort(score) })

/** The overlap, if it is low. */
const looseness = ({ overlap }: Match): number | undefined => overlap < MATCH ? overlap : undefined

function suppressedBy (explanation: Judged, match: Match, lead = 'Suppressed'): Verdict {
  const { about, named } = aboutMatch(explanation, match)
  const { candidates, options: { iou_threshold: max } } = explanation
  if (match.candidate.state !== 'suppressed') throw new TypeError('expected a suppressed candidate')
  const { by, iou } = match.candidate
  return { kind: 'suppressed', sentence: sentence.suppressed(lead, named, candidates[by]!.score, iou, max), ...about, by, iou }
}

function beyondMaximum (explanation: Judged, match: Match): Verdict {
  const { about, named } = aboutMatch(explanation, match)
  return { kind: 'beyond_maximum', sentence: sentence.beyondMaximum(named, explanation.options.max_detections), ...about }
}

/** @param lowered with the states of a low threshold */
function belowThreshold (lowered: Judged, match: Match): Verdict {
  if (match.candidate.state === 'suppressed') return suppressedBy(lowered, match, 'Suppressed even at a lower threshold')
  const { about, named } = aboutMatch(lowered, match)
  const max = match.candidate.state === 'beyond_maximum' ? lowered.options.max_detections : undefined
  return { kind: 'below_threshold', sentence: sentence.belowThreshold(named, max), ...about }
}

function tooSmall ({ levels: [finest] }: Judged, { input_box: [x1, y1, x2, y2] }: Findings): Verdict | undefined {
  const side = Math.min(x2 - x1, y2 - y1)
  if (side >= finest!.stride) return undefined
  const pixels = Number(side.toPrecision(2))
  return { kind: 'too_small', sentence: sentence.tooSmall(pixels, finest!.stride), pixels }
}

/** Explains by the stages' responses. */
function fromLayers ({ options }: Judged, { layers, levels, class_id: expected }: Findings): Verdict {
  const stages = layers.filter(({ layer }) => /^stage\d/.test(layer))
  const lastSeen = stages.findLastIndex(({ rank }) => rank >= SEEN)
  if (stages.length > 0 && lastSeen < 0) return { kind: 'not_seen', sentence: sentence.notSeen(Math.max(...stages.map(({ rank }) => rank))) }
  const lost = stages[lastSeen + 1]
  if (lost) return { kind: 'faded', sentence: sentence.faded(stages[lastSeen]!.layer, lost), layer: lost.layer }
  return notRecognized(levels, { expected, isSeen: stages.length > 0, threshold: options.score_threshold })
}

interface Circumstances { readonly expected: number | undefined, readonly isSeen: boolean, readonly threshold: number }

function notRecognized (levels: Findings['levels'], { expected, isSeen, threshold }: Circumstances): Verdict {
  const best = bestCells(levels)[0]!
  const wanted = bestCell(levels, expected)
  const other = wanted && wanted.class_id !== best.class_id ? wanted : undefined
  const { class_id: classId, label, score } = best
  return { kind: 'not_recognized', sentence: sentence.notRecognized(best, other, { isSeen, isPart: score > threshold }), class_id: classId, label, score }
}

/** Of all levels, best first. */
const bestCells = (levels: Findings['levels']): BestCell[] => levels.flatMap(({ best }) => best).toSorted((a, b) => b.score - a.score)

const bestCell = (levels: Findings['levels'], wanted: number | undefined): BestCell | undefined =>
  bestCells(levels).find(({ class_id: classId }) => classId === wanted)

function aboutMatch ({ labels }: Judged, { index, candidate: { class_id: classId, score } }: Match) {
  const label = labels[classId]!
  return { named: { label, score }, about: { candidate: index, class_id: classId, label, score } }
}
