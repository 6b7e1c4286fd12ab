/** The part of the state that is in the address, after #: short, and without what is as at the start. Photos are never in it. */
import { INITIAL, TABS, type State, type Tab } from './state.ts'

/** A member of the state in the address. Reading returns undefined for what is not valid. */
interface Field<T> {
  readonly name: string
  readonly write: (value: T) => string | undefined
  readonly read: (text: string) => T | undefined
}

/** Characters of a name: the server accepts no more. */
const MAX_NAME = 256
const DECIMAL = /^\d+(\.\d+)?$/
const CORNERS = 4

const text = (name: string, pattern = /^./): Field<string | undefined> => ({
  name, write: value => value, read: value => value.length <= MAX_NAME && pattern.test(value) ? value : undefined
})
const number = (name: string, min: number, max: number, step: number): Field<number> => ({
  name, write: value => rounded(value, step), read: value => numberIn(value, min, max, step)
})
const flag = (name: string): Field<boolean> => ({ name, write: value => value ? '1' : undefined, read: value => value === '1' || undefined })

const FIELDS = {
  example: flag('example'),
  model: text('model'),
  score: number('score', 0, 1, 0.0001),
  iou: number('iou', 0, 1, 0.0001),
  max: number('max', 1, 1000, 1),
  classes: {
    name: 'classes', write: labels => labels.join(), read: value => value.split(',').filter(label => label !== '' && label.length <= MAX_NAME)
  } as Field<readonly string[]>,
  tab: { name: 'tab', write: tab => tab, read: value => TABS.find(tab => tab === value) } as Field<Tab>,
  selected: text('box', /^\d+(-\d+){3}$/),
  region: { name: 'region', write: corners => corners?.map(value => rounded(value, 0.01)).join(), read: cornersOf } as Field<State['region']>,
  expected: text('expected'),
  layer: text('layer'),
  reduce: text('reduce', /^(mean|max|l2|eigen|\d{1,9})$/) as Field<string>,
  other: text('other'),
  precision: text('precision', /^(fp32|int8)$/),
  otherPrecision: text('other_precision', /^(fp32|int8)$/),
  otherExample: flag('other_example'),
  differenceLayer: text('difference')
} as const

export type UrlState = Pick<State, keyof typeof FIELDS>

/** What goes after #; empty for the state at the start. */
export function fragmentOf (state: UrlState): string {
  const parameters = new URLSearchParams()
  for (const [member, { name, write }] of entries()) {
    const value = write(state[member])
    if (value !== undefined && value !== write(INITIAL[member])) parameters.set(name, value)
  }
  return String(parameters).replaceAll('%2C', ',') // both mean the same
}

/** Members that are missing or not valid are as at the start. @param fragment with or without # */
export function readFragment (fragment: string): UrlState {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''))
  return Object.fromEntries(entries().map(([member, { name, read }]) =>
    [member, read(parameters.get(name) ?? '') ?? INITIAL[member]])) as unknown as UrlState
}

const entries = (): Array<[keyof UrlState, Field<unknown>]> => Object.entries(FIELDS) as never

/** Without a tail such as 0.30000000000000004. */
const rounded = (value: number, step: number): string => String(Number((Math.round(value / step) * step).toFixed(4)))

function numberIn (value: string, min: number, max: number, step: number): number | undefined {
  if (!DECIMAL.test(value)) return undefined
  const parsed = Number(value)
  return parsed >= min && parsed <= max && (step < 1 || Number.isInteger(parsed)) ? parsed : undefined
}

function cornersOf (value: string): State['region'] {
  const texts = value.split(',')
  const [x1, y1, x2, y2] = texts.map(Number)
  const isBox = texts.length === CORNERS && texts.every(corner => DECIMAL.test(corner)) && x1! < x2! && y1! < y2!
  return isBox ? [x1!, y1!, x2!, y2!] : undefined
}
