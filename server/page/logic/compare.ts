/** Two sides to compare: the left is what the page shows; the right has another photo, model or precision. */
import { iou } from '../../../head/decode/boxes.ts'
import type { Corners } from '../../../engine/explain/explanation.ts'
import type { Model } from '../../../client/types.ts'
import type { ExplainReply } from './server.ts'
import { judged } from './shown.ts'
import type { Photo, State } from './state.ts'

/** Boxes of one object overlap by at least this IoU. */
const SAME_OBJECT = 0.5

/** What a side runs. The server's defaults are undefined. */
export interface Side {
  readonly photo: Photo | undefined
  readonly model: string | undefined
  readonly precision: string | undefined
}

/** An object that a side found; the box is in pixels of its photo. */
export interface Found {
  readonly label: string
  readonly score: number
  readonly box: Corners
}

/** An object on both sides, with the overlap of its boxes, or on one of them. */
export interface Pair {
  readonly left?: Found
  readonly right?: Found
  readonly iou?: number
}

/** The objects of a class on both sides. */
export interface ClassCount { readonly label: string, readonly left: number, readonly right: number }

/** Without a choice of its own, the right side is like the left. */
export function sidesOf (state: State): { readonly left: Side, readonly right: Side } {
  const { photo, model, precision, other, otherPhoto, otherPrecision } = state
  const isSameModel = other === undefined || other === nameOf(state, model)
  return {
    left: { photo, model, precision },
    right: { photo: otherPhoto ?? photo, model: other ?? model, precision: otherPrecision ?? (isSameModel ? precision : undefined) }
  }
}

/** Whether there is something to compare. */
export const isComparing = ({ photo, other, otherPhoto, otherPrecision }: State): boolean =>
  photo !== undefined && [other, otherPhoto, otherPrecision].some(choice => choice !== undefined)

/** The entry of a side's model in the server's list. */
export const modelOf = ({ models }: Pick<State, 'models'>, name: string | undefined): Model | undefined =>
  models.find(model => name === undefined ? model.default : model.name === name)

const nameOf = (state: Pick<State, 'models'>, name: string | undefined): string | undefined => name ?? modelOf(state, name)?.name

/** Left becomes right. What is chosen on the left goes: it is about the other side's result. */
export function swapped (state: State): Partial<State> {
  const { left, right } = sidesOf(state)
  const { photo, otherPhoto, explanation, otherExplanation, example, otherExample } = state
  return {
    model: right.model,
    other: state.other === undefined ? undefined : nameOf(state, left.model),
    precision: right.precision,
    otherPrecision: left.precision ?? (state.otherPrecision === undefined ? undefined : modelOf(state, left.model)?.precision),
    ...(otherPhoto && { photo: otherPhoto, otherPhoto: photo, example: otherExample, otherExample: example }),
    explanation: otherExplanation,
    otherExplanation: explanation,
    selected: undefined,
    region: undefined,
    expected: undefined
  }
}

/** The objects of a reply at the page's thresholds, best first. */
export function foundIn (reply: ExplainReply, state: Pick<State, 'score' | 'iou' | 'max' | 'classes'>): Found[] {
  const { cells, labels } = reply
  return judged(reply, state)
    .filter(candidate => candidate.state === 'kept')
    .map(({ cell, class_id: classId, score }) => ({ label: labels[classId]!, score, box: cells[cell]!.box }))
    .filter(({ label }) => state.classes.length === 0 || state.classes.includes(label))
}

/**
 * Pairs objects of one class, the largest overlap first.
 * @returns the pairs, then what only the left found, then what only the right found, each best first
 */
export function pairUp (left: readonly Found[], right: readonly Found[]): Pair[] {
  const partners = new Map<Found, Required<Pair>>()
  for (const pair of overlapsOf(left, right)) {
    if (partners.has(pair.left) || partners.has(pair.right)) continue
    partners.set(pair.left, pair).set(pair.right, pair)
  }
  const isAlone = (found: Found): boolean => !partners.has(found)
  return [
    ...left.flatMap(found => partners.get(found) ?? []),
    ...left.filter(isAlone).map(left => ({ left })),
    ...right.filter(isAlone).map(right => ({ right }))
  ]
}

function overlapsOf (left: readonly Found[], right: readonly Found[]): Array<Required<Pair>> {
  return left
    .flatMap(left => right.filter(({ label }) => label === left.label).map(right => ({ left, right, iou: iou(left.box, right.box) })))
    .filter(({ iou }) => iou >= SAME_OBJECT)
    .sort((a, b) => b.iou - a.iou)
}

/** Objects of different photos have no pairs, only counts. The most frequent class comes first. */
export function countClasses (left: readonly Found[], right: readonly Found[]): ClassCount[] {
  const count = (side: readonly Found[], label: string): number => side.filter(found => found.label === label).length
  return [...new Set([...left, ...right].map(({ label }) => label))]
    .map(label => ({ label, left: count(left, label), right: count(right, label) }))
    .sort((a, b) => b.left + b.right - a.left - a.right || a.label.localeCompare(b.label))
}
