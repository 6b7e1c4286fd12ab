/** What the page shows. */
import type { Corners } from '../../../engine/explain/explanation.ts'
import type { Model } from '../../../client/types.ts'
import type { ExplainReply } from './server.ts'

/** A photo as the page has it. */
export interface Photo {
  readonly name: string
  readonly blob: Blob
  /** What an <img> shows: an object URL of the blob, or of a PNG that the server made of it. */
  readonly url: string
}

export const TABS = ['boxes', 'network', 'compare'] as const
export type Tab = typeof TABS[number]

export interface State {
  // These are in the URL.
  /** Name of a model; the server's default if undefined. */
  readonly model: string | undefined
  readonly score: number
  readonly iou: number
  readonly max: number
  /** Labels to show; all if empty. */
  readonly classes: readonly string[]
  readonly tab: Tab
  /** The chosen candidate's cell and class: see `candidateKey`. */
  readonly selected: string | undefined
  /** In pixels of the photo. */
  readonly region: Corners | undefined
  /** Label of the object that is expected in the region. */
  readonly expected: string | undefined
  /** Name of the layer on view, its reduction, and the channel instead of it. */
  readonly layer: string | undefined
  readonly reduce: string
  /** Name of the other model to compare with; the same one if undefined. */
  readonly other: string | undefined
  // Of the comparison:
  /** Precision of the network, and of the other side's; the model's if undefined. */
  readonly precision: string | undefined
  readonly otherPrecision: string | undefined
  /** The layer whose difference is on view. */
  readonly differenceLayer: string | undefined
  /** Whether the other photo is the example. */
  readonly otherExample: boolean
  /** Whether the photo is the example. */
  readonly example: boolean

  // These are not.
  readonly models: readonly Model[]
  // Of the other side; its photo is the same one if undefined:
  readonly otherPhoto: Photo | undefined
  readonly otherExplanation: ExplainReply | undefined
  readonly otherBusy: boolean
  readonly otherProblem: string | undefined
  readonly photo: Photo | undefined
  /** Of the photo by the model, with the region if there is one. */
  readonly explanation: ExplainReply | undefined
  readonly busy: boolean
  /** Key of the candidate that a list points at. */
  readonly pointedAt: string | undefined
  /** For the user. */
  readonly problem: string | undefined
  /** The server wants a key. */
  readonly needsKey: boolean
}

export const INITIAL: State = {
  model: undefined,
  score: 0.35,
  iou: 0.6,
  max: 100,
  classes: [],
  tab: 'boxes',
  selected: undefined,
  region: undefined,
  expected: undefined,
  layer: undefined,
  reduce: 'l2',
  other: undefined,
  precision: undefined,
  otherPrecision: undefined,
  differenceLayer: undefined,
  otherExample: false,
  example: false,
  models: [],
  otherPhoto: undefined,
  otherExplanation: undefined,
  otherBusy: false,
  otherProblem: undefined,
  photo: undefined,
  explanation: undefined,
  busy: false,
  pointedAt: undefined,
  problem: undefined,
  needsKey: false
}
