import { z } from 'zod'
import type { DetectionOptions } from '../../recognize.ts'
import { MAX_NAME } from '../../schemas.ts'
import { boundedList, boundedRecord } from '../bounded.ts'

const MAX_RULES = 256
const MAX_REGIONS = 64
const ANY = '*'
/**
 * Percent that counts where a rule says 0. Home Assistant sends 0 where nothing is configured, and means what the detector
 * thinks is there; NanoDet has boxes down to 0.
 */
const UNSET = 35

/** Percent by label; `*` is for the labels that are not named. */
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

/** Why something is returned: `region_id` is that of the region whose rule it fulfills. */
export interface Selected { readonly region_id?: string }

/** Whether something is asked for (doods.py, filter_detections): by `detect`, or by the first region that it lies in. */
export function select (candidate: Candidate, { detect, regions }: Selection): Selected | undefined {
  if (fulfills(candidate, detect)) return {}
  const region = regions.find(region => isWithin(candidate, region) && fulfills(candidate, region.detect))
  return region && (region.id ? { region_id: region.id } : {})
}

/** What the network has to be asked for, so that all that is asked for is found. @param labels of the model */
export function optionsFor (selection: Selection, labels: readonly string[]): DetectionOptions {
  const all = allRules(selection)
  const names = all.map(([label]) => label)
  const known = [...new Set(names)].filter(name => labels.includes(name))
  if (!names.includes(ANY) && known.length === 0) return { scoreThreshold: 1 } // nothing, but the image is looked at
  const scoreThreshold = Math.min(...all.map(([, percent]) => percent)) / 100
  return { scoreThreshold, classes: names.includes(ANY) ? undefined : known.join(',') }
}

/** Whether what is asked for is all that the network finds with `optionsFor`: the same percent for all, everywhere. */
export const isUniform = (selection: Selection): boolean =>
  selection.regions.length === 0 && new Set(allRules(selection).map(([, percent]) => percent)).size <= 1

const allRules = ({ detect, regions }: Selection): Array<[label: string, percent: number]> =>
  [detect, ...regions.map(({ detect }) => detect)].flatMap(rules => Object.entries(rules))

/** A label that is named is not meant by `*`. */
function fulfills ({ label, confidence }: Candidate, rules: Rules): boolean {
  const percent = Object.hasOwn(rules, label) ? rules[label] : rules[ANY]
  return percent !== undefined && confidence >= percent
}

/** Whether the region covers it, or where it need not, has a point in common with it. */
function isWithin ({ top, left, bottom, right }: Candidate, region: Region): boolean {
  return region.covers
    ? region.top <= top && region.left <= left && region.bottom >= bottom && region.right >= right
    : top <= region.bottom && left <= region.right && bottom >= region.top && right >= region.left
}
