/** What the results of a run depend on besides the images. */
import { createHash } from 'node:crypto'
import type { Precision } from '../models/calibration-table.ts'

export interface RunSpec {
  readonly model: string
  /** SHA-256 of the model's config and files, in hexadecimal. */
  readonly weights: string
  readonly precision: Precision
  readonly scoreThreshold: number
  readonly iouThreshold: number
  readonly maxDetections: number
  /** Class ids, ascending; undefined for all. */
  readonly classes?: readonly number[] | undefined
  /** Also write the photo with its boxes, its objects cut out, and the outputs of these layers. */
  readonly draw: boolean
  readonly crop: boolean
  readonly features: readonly string[]
}

/** Equal for equal specs, whatever the order of their members: 16 hexadecimal digits. */
export function runKey (spec: RunSpec): string {
  const sorted = Object.entries(spec).filter(([, value]) => value !== undefined).sort(([a], [b]) => a < b ? -1 : 1)
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16)
}
