/** What POST /explain answers beside the detections, as it is sent. Imports nothing native: the page in the browser uses it, too. */
import type { Size } from '../../head/decode/boxes.ts'
import type { Fate } from '../../head/decode/nms.ts'

/** Corners x1, y1, x2, y2. */
export type Corners = readonly [x1: number, y1: number, x2: number, y2: number]

/** A grid of cells that the head predicts in. */
export interface Level extends Size {
  /** Pixels of the network's input per cell. */
  readonly stride: number
}

/** A cell with candidates. Details are left out where the reply would become too large. */
export interface Cell extends Partial<CellDetails> {
  /** Index of its level. */
  readonly level: number
  readonly column: number
  readonly row: number
  /** In pixels of the photo, rounded as in detections. */
  readonly box: Corners
  /** In pixels of the network's input, exact: non-maximum suppression compares these boxes. */
  readonly input_box: Corners
}

/** What the head predicts in a cell. */
export interface CellDetails {
  /** The scores of all classes, in ten-thousandths. */
  readonly class_scores: readonly number[]
  /**
   * For the left, top, right and bottom side: the probability of each distance from the point, 0, 1, 2 … strides, in millionths.
   * Left out if the network predicts distances themselves.
   */
  readonly distributions?: ReadonlyArray<readonly number[]>
}

/** A class in a cell. */
export type ScoredClass = {
  /** Index of its cell. */
  readonly cell: number
  readonly class_id: number
  /** Exact. */
  readonly score: number
}

/** `by` is the index of a kept candidate. */
export type ExplainedCandidate = ScoredClass & (Fate | { readonly state: 'below_threshold' })

/** The response of a layer in a region, compared with the rest of the photo. */
export interface LayerResponse {
  readonly layer: string
  readonly name: string
  readonly stride: number
  /** Of the strongest cell in the region: the l2 norm over its channels. */
  readonly response: number
  /** Share of the photo's other cells that respond less, 0 … 1. */
  readonly rank: number
}

/** The best class of the cells in a region. */
export interface LevelScores {
  readonly stride: number
  /** Number of cells in the region. */
  readonly cells: number
  /** The best cell of each of the best classes, best first; the expected class is always among them. Only wanted classes. */
  readonly best: readonly BestCell[]
}

/** The cell where a class has its highest score. */
export interface BestCell {
  readonly class_id: number
  readonly label: string
  readonly score: number
  readonly column: number
  readonly row: number
}

export const VERDICTS = [
  'found', 'taken_for', 'suppressed', 'below_threshold', 'beyond_maximum', 'too_small', 'faded', 'not_recognized', 'not_seen'
] as const
export type VerdictKind = typeof VERDICTS[number]

/** Why nothing was found in a region, or what was. */
export interface Verdict {
  readonly kind: VerdictKind
  /** For people. */
  readonly sentence: string
  /** Index of the candidate that it is about. */
  readonly candidate?: number
  /** The class that it is about, and its score in the region. */
  readonly class_id?: number
  readonly label?: string
  readonly score?: number
  /** Suppressed: index of the candidate that it overlaps, and the overlap of the two. */
  readonly by?: number
  readonly iou?: number
  /** Faded: the first layer that lost it. */
  readonly layer?: string
  /** Too small: its shorter side in pixels of the network's input. */
  readonly pixels?: number
}

export interface RegionExplanation {
  /** In pixels of the photo, clipped to it. */
  readonly box: Corners
  readonly input_box: Corners
  /** The expected class. */
  readonly class_id?: number
  readonly layers: readonly LayerResponse[]
  readonly levels: readonly LevelScores[]
  readonly verdict: Verdict
}

/** A layer's share in the score of a detection, by LayerCAM. */
export interface CamLayer extends Level {
  readonly layer: string
  readonly name: string
  /** Share of the map that lies in the box; null if no cell raised the score. */
  readonly in_box: number | null
  /** The cells that raised the score most, each with its share of the map. */
  readonly cells: ReadonlyArray<{ readonly column: number, readonly row: number, readonly share: number }>
}

/** The cells that raised the score of a detection. */
export interface CamExplanation {
  readonly class_id: number
  readonly label: string
  readonly score: number
  readonly input_box: Corners
  readonly layers: readonly CamLayer[]
}

export interface Explanation {
  /** Pixels of the network's input for this photo. */
  readonly input: Size
  /** Input pixel = photo pixel · scale + pad, x before y. */
  readonly warp: { readonly scale: readonly [number, number], readonly pad: readonly [number, number] }
  readonly options: {
    readonly score_threshold: number
    readonly iou_threshold: number
    readonly max_detections: number
    /** Wanted classes; all if left out. */
    readonly class_ids?: readonly number[]
  }
  /** The model's labels by class id. Empty for classes without candidates where the reply would become too large. */
  readonly labels: readonly string[]
  /** All candidates with a higher score are listed. */
  readonly complete_above: number
  /** Position of the point in a cell that distances count from, in cells: the cell's center at 0.5, its top left corner at 0. */
  readonly offset: number
  readonly levels: readonly Level[]
  /** In the order of points. */
  readonly cells: readonly Cell[]
  /** Best first; of equal scores first the lower cell, then the lower class. */
  readonly candidates: readonly ExplainedCandidate[]
  /** If the request has a region. */
  readonly region?: RegionExplanation
  /** If the request asks for a detection. */
  readonly cam?: CamExplanation
}
