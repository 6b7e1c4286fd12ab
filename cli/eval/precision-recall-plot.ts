import type { CategoryScore } from './coco-ap.ts'
import { mean, RECALL_THRESHOLDS } from './precision-curve.ts'
import { BLUE, GREEN, INK, label, line, ORANGE, polyline, svgFile, titled } from './svg-plot.ts'

const WIDTH = 560
const HEIGHT = 480
const PLOT = { left: 60, right: 530, top: 60, bottom: 410 }
const FOOTNOTE = 'Thin lines: one class each, at IoU 0.50. The number is the area under the curve (AP).'
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]

/** The means over all classes that are drawn, by index of IOU_THRESHOLDS. */
const MEANS = [
  { at: 0, name: 'IoU 0.50', color: BLUE },
  { at: 5, name: 'IoU 0.75', color: ORANGE },
  { at: 9, name: 'IoU 0.95', color: GREEN }
]

/** Precision over recall as an SVG file: means over all classes, and each class at IoU 0.50 as a thin line. */
export function precisionRecallSvg (model: string, categories: readonly CategoryScore[]): string {
  return svgFile(WIDTH, HEIGHT, [
    label(WIDTH / 2, 24, `${model}: precision and recall`, 'middle', 'font-size="15"'),
    ...TICKS.flatMap(grid),
    label((PLOT.left + PLOT.right) / 2, PLOT.bottom + 36, 'recall', 'middle'),
    label(PLOT.left, PLOT.top - 12, 'precision'),
    ...categories.map(({ category: { name }, precision }) => titled(name, curve(precision[0]!, INK, 1, 0.25))),
    ...MEANS.map(({ at, color }) => curve(meanOver(categories, at), color, 2.5)),
    ...MEANS.map(({ at, name, color }, i) => legend(i, `${name}: ${mean(meanOver(categories, at)).toFixed(3)}`, color)),
    label(PLOT.left, HEIGHT - 12, FOOTNOTE, 'start', 'font-size="10"')
  ])
}

const x = (recall: number): number => PLOT.left + recall * (PLOT.right - PLOT.left)
const y = (precision: number): number => PLOT.bottom - precision * (PLOT.bottom - PLOT.top)

const curve = (precision: readonly number[], color: string, width: number, opacity?: number): string =>
  polyline(precision.map((value, i) => [x(RECALL_THRESHOLDS[i]!), y(value)] as const), color, width, opacity)

const meanOver = (categories: readonly CategoryScore[], at: number): number[] =>
  categories.length === 0
    ? []
    : RECALL_THRESHOLDS.map((_, i) => mean(categories.map(({ precision }) => precision[at]![i]!)))

const grid = (tick: number): string[] => [
  line(PLOT.left, y(tick), PLOT.right, y(tick)),
  line(x(tick), PLOT.top, x(tick), PLOT.bottom),
  label(PLOT.left - 8, y(tick) + 4, String(tick), 'end'),
  label(x(tick), PLOT.bottom + 18, String(tick), 'middle')
]

const legend = (i: number, text: string, color: string): string =>
  label(PLOT.right - 8, PLOT.top + 20 + 18 * i, text, 'end', `fill="${color}" font-weight="bold"`)
