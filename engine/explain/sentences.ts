/** The verdicts' sentences. Scores and overlaps have two digits. */
import type { LayerResponse } from './explanation.ts'

interface Named { readonly label: string, readonly score: number }

/** @param overlap IoU with the region, if it is low */
export const found = (object: Named, overlap?: number): string => `Found: ${inBrief(object)}${butLoosely(overlap)}.`

/** @param expected its best score in the region, if a class was expected */
export const takenFor = (object: Named, overlap?: number, expected?: { label: string, score: string }): string =>
  `Taken for ${inBrief(object)}${butLoosely(overlap)}${expected ? `; ${expected.label} has ${expected.score} here` : ''}.`

/** @param other score of the kept candidate @param max the IoU threshold */
export const suppressed = (lead: string, { label, score }: Named, other: number, iou: number, max: number): string =>
  `${lead}: this ${label} (${inShort(score)}) overlaps another (${inShort(other)}) by an IoU of ${inShort(iou)}; the maximum is ${max}.`

export const beyondMaximum = (object: Named, max: number): string =>
  `Beyond the maximum: ${inBrief(object)} is not among the best ${max === 1 ? 'one' : max}.`

/** @param max the maximum number of detections, if a higher one is necessary, too */
export const belowThreshold = (object: Named, max?: number): string =>
  `Below the threshold: ${inBrief(object)} would appear at a threshold of ${inShort(thresholdBelow(object.score))}` +
  `${max === undefined ? '' : ` and with a maximum above ${max}`}.`

/** @param pixels shorter side in the network's input @param stride of the finest cells */
export const tooSmall = (pixels: number, stride: number): string =>
  `Too small: its shorter side is ${pixels} ${pixels === 1 ? 'pixel' : 'pixels'} in the network's input, and the finest cells have ${stride}.`

/** @param rank highest of all stages */
export const notSeen = (rank: number): string =>
  `Not seen: at every stage, at least ${Math.floor((1 - rank) * 100)} % of the photo responds as strongly or more.`

/** @param seen the last stage that saw it */
export const faded = (seen: string, { layer, rank }: LayerResponse): string =>
  `Faded at ${nameOf(layer)}: ${nameOf(seen)} still responds strongly, but at ${nameOf(layer)}, ${percent(1 - rank)} of the photo responds as strongly or more.`

/** @param other the expected class, if it is not the best @param isPart whether the best score is above the threshold */
export function notRecognized (best: Named, other: Named | undefined, { isSeen, isPart }: { isSeen: boolean, isPart: boolean }): string {
  const start = `${isSeen ? 'Seen, but not' : 'Not'} recognized${isPart ? ' as one object' : ''}`
  return `${start}: the best class here is ${inBrief(best)}${other ? `; ${other.label} has ${inShort(other.score)}` : ''}.`
}

const inBrief = ({ label, score }: Named): string => `${label} (${inShort(score)})`

const butLoosely = (overlap: number | undefined): string =>
  overlap === undefined ? '' : `, whose box overlaps the region by an IoU of only ${inShort(overlap)}`

/** Two digits. */
export const inShort = (value: number): string => value.toFixed(2)

/** The highest threshold of two digits that a score is above. */
export const thresholdBelow = (score: number): number => (Math.ceil(score * 100) - 1) / 100

const nameOf = (layer: string): string => layer.replace(/^stage/, 'stage ')

const percent = (share: number): string => `${Math.round(share * 100)} %`
