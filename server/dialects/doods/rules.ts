import { z } from 'zod'
import type { DetectionOptions } from '../../recognize.ts'
import { MAX_NAME } from '../../schemas.ts'
import { boundedList, boundedRecord } from '../bounded.ts'

const MAX_RULES = 256
const MAX_REGIONS = 64
const ANY = '*'
/**
 * The percentage that a rule of 0 means. Home Assistant sends 0 for unset options, and expects what the detector
 * considers present; NanoDet has boxes down to 0.
 */
const UNSET = 35

/** Percent by label; `*` applies to all other labels. */
const percent = z.number().min(0).max(100).transform(percent => percent || UNSET)
const rules = boundedRecord(z.string().max(MAX_NAME), percent, MAX_RULES)

/** Sides as shares of the image's. */
const region = z.object({
  id: z.string().max(MAX_NAME).nullish(),
  top: z.number(),
  left: z.number(),
  bottom: z.number(),
  right: z.number(),
  detect: rules,
  covers: z.boolean().default(false)
})

export const selectionSchema = z.object({
  detect: rules.nullish().transform(rules => rules ?? {}),
  regions: boundedList(region, MAX_REGIONS).nullish().transform(regions => regions ?? [])
})

export type Selection = z.output<typeof selectionSchema>
type Rules = z.output<typeof rules>
type Region = z.output<typeof region>

/** Sides are shares of the image's, confidence is percent. */
export interface Candidate {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
  readonly label: string
  readonly confidence: number
}

/** A returned detection: `region_id` is that of the region whose rule it meets. */
export interface Selected { readonly region_id?: string }

/** Whether a detection is requested (doods.py, filter_detections): by `detect`, or by the first region that contains it. */
export function select (candidate: Candidate, { detect, regions }: Selection): Selected | undefined {
  if (fulfills(candidate, detect)) return {}
  const region = regions.find(region => isWithin(candidate, region) && fulfills(candidate, region.detect))
  return region && (region.id ? { region_id: region.id } : {})
}

/** Options for the network that cover all rules. @param labels of the model */
export function optionsFor (selection: Selection, labels: readonly string[]): DetectionOptions {
  const all = allRules(selection)
  const names = all.map(([label]) => label)
  const known = [...new Set(names)].filter(name => labels.includes(name))
  if (!names.includes(ANY) && known.length === 0) return { scoreThreshold: 1 } // finds nothing, but still checks the image
  const scoreThreshold = Math.min(...all.map(([, percent]) => percent)) / 100
  return { scoreThreshold, classes: names.includes(ANY) ? undefined : known.join(',') }
}

/** Whether the rules need no filtering after `optionsFor`: the same percentage for all labels, everywhere. */
export const isUniform = (selection: Selection): boolean =>
  selection.regions.length === 0 && new Set(allRules(selection).map(([, percent]) => percent)).size <= 1

const allRules = ({ detect, regions }: Selection): Array<[label: string, percent: number]> =>
  [detect, ...regions.map(({ detect }) => detect)].flatMap(rules => Object.entries(rules))

/** `*` does not apply to named labels. */
function fulfills ({ label, confidence }: Candidate, rules: Rules): boolean {
  const percent = Object.hasOwn(rules, label) ? rules[label] : rules[ANY]
  return percent !== undefined && confidence >= percent
}

/** Whether the region covers it, or intersects it if `covers` is false. */
function isWithin ({ top, left, bottom, right }: Candidate, region: Region): boolean {
  return region.covers
    ? region.top <= top && region.left <= left && region.bottom >= bottom && region.right >= right
    : top <= region.bottom && left <= region.right && bottom >= region.top && right >= region.left
}
