import { rounded } from '../../../engine/numbers.ts'
import type { DetectedObject, DetectOutput } from '../../../engine/results.ts'

export interface LabelFilters {
  /** Maximum number of labels. */
  readonly maxLabels: number
  /** Case-insensitive; all if omitted. */
  readonly included?: readonly string[] | null | undefined
  readonly excluded?: readonly string[] | null | undefined
}

/** Detections as Rekognition's labels: one per class, with its objects as instances, best first. */
export function toLabels ({ image, objects }: DetectOutput, { maxLabels, included, excluded }: LabelFilters) {
  const lower = (names: readonly string[]): string[] => names.map(name => name.toLowerCase())
  const isWanted = (label: string): boolean =>
    (!included || lower(included).includes(label.toLowerCase())) && !lower(excluded ?? []).includes(label.toLowerCase())
  const labels = [...new Set(objects.map(({ label }) => label))].filter(isWanted)
  return labels.slice(0, maxLabels).map(name => {
    const Instances = objects.filter(({ label }) => label === name).map(object => toInstance(object, image))
    const { Confidence } = Instances[0]!
    return { Name: titled(name), Confidence, Instances, Parents: [], Aliases: [], Categories: [] }
  })
}

/** As Rekognition writes its labels: `Cell Phone`. */
const titled = (label: string): string => label.replace(/(?<!\S)\p{Ll}/gu, letter => letter.toUpperCase())

/** Fractions of the image, and percent. */
function toInstance ({ score, box: [x1, y1, x2, y2] }: DetectedObject, { width, height }: DetectOutput['image']) {
  const BoundingBox = {
    Width: rounded((x2 - x1) / width, 6),
    Height: rounded((y2 - y1) / height, 6),
    Left: rounded(x1 / width, 6),
    Top: rounded(y1 / height, 6)
  }
  return { BoundingBox, Confidence: rounded(score * 100, 4) }
}
