/** A detector's scores as text, JSON and files. */
import { textTable } from '../text-table.ts'
import type { CategoryScore, CocoSummary } from './coco-ap.ts'
import { confusionCsv, toCsv } from './csv.ts'
import { confusionSvg } from './confusion-plot.ts'
import { CONFUSION_THRESHOLDS, type DetectorScores } from './measure-detector.ts'
import { precisionRecallSvg } from './precision-recall-plot.ts'
import { duration, firstOf } from './problems.ts'

/** Rows of the table of classes. */
const SHOWN_CLASSES = 20

const METRICS = {
  AP: 'IoU 0.50 to 0.95',
  AP50: 'IoU 0.50',
  AP75: 'IoU 0.75',
  APs: 'small objects, below 32²',
  APm: 'medium objects',
  APl: 'large objects, above 96²',
  AR1: 'recall, 1 detection per image',
  AR10: 'recall, 10 detections per image',
  AR100: 'recall, 100 detections per image'
} as const satisfies Partial<Record<keyof CocoSummary, string>>

const CLASS_COLUMNS = {
  class: 'left', objects: 'right', AP: 'right', AP50: 'right', AP75: 'right', AR100: 'right'
} as const

/** The output of --json. */
export function detectorJson (scores: DetectorScores) {
  const { model, images, seconds, summary, categories, unknown, notes, confusion } = scores
  return {
    model,
    images,
    seconds,
    ms_per_image: seconds * 1000 / images,
    ...summary,
    classes: categories.map(({ category: { name }, objects, AP, AP50, AP75, AR100 }) =>
      ({ class: name, objects, AP, AP50, AP75, AR100 })),
    unknown_categories: unknown,
    notes,
    confusion: { score_threshold: CONFUSION_THRESHOLDS.score, iou_threshold: CONFUSION_THRESHOLDS.iou, ...confusion }
  }
}

/** The files of --out by name. */
export function detectorFiles (scores: DetectorScores): Record<string, string> {
  const { model, categories, confusion } = scores
  const { classes } = detectorJson(scores)
  const { score, iou } = CONFUSION_THRESHOLDS
  return {
    'metrics.json': `${JSON.stringify(detectorJson(scores), null, 2)}\n`,
    'per-class.csv': toCsv(Object.keys(CLASS_COLUMNS), classes.map(row => Object.values(row))),
    'precision-recall.svg': precisionRecallSvg(model, categories),
    'confusion.csv': confusionCsv(confusion),
    'confusion.svg': confusionSvg(`${model}: scores above ${score}, IoU of at least ${iou}`, confusion)
  }
}

/** The text output. */
export function detectorText (scores: DetectorScores): string {
  const { model, images, seconds, summary, categories, unknown, notes } = scores
  const rows = Object.entries(METRICS).map(([name, over]) => [name, decimals(summary[name as keyof CocoSummary]), over])
  const lines = [
    duration(model, images, seconds),
    textTable({ metric: 'left', value: 'right', over: 'left' }, rows),
    ...classTable(categories)
  ]
  return [...lines, ...unknownLine(unknown), ...notes, ''].join('\n')
}

function unknownLine (unknown: readonly string[]): string[] {
  if (unknown.length === 0) return []
  const count = unknown.length === 1 ? '1 class' : `${unknown.length} classes`
  return [`${count} unknown to the model, never found: ${firstOf(unknown)}`]
}

function classTable (categories: readonly CategoryScore[]): string[] {
  const most = categories.toSorted((a, b) => b.objects - a.objects)
  const rows = most.slice(0, SHOWN_CLASSES).map(({ category: { name }, objects, AP, AP50, AP75, AR100 }) =>
    [name, String(objects), ...[AP, AP50, AP75, AR100].map(decimals)])
  const rest = most.length - rows.length
  return [
    ...rows.length > 0 ? [textTable(CLASS_COLUMNS, rows)] : [],
    ...rest > 0 ? [`${rest} more classes have fewer objects: --out DIR writes all to DIR/per-class.csv`] : []
  ]
}

const decimals = (value: number): string => value < 0 ? '–' : value.toFixed(4)
