import { label, line, polyline, svgFile } from '../../eval/svg-plot.ts'
import { significant } from '../../../engine/numbers.ts'

const WIDTH = 360
const TITLE_HEIGHT = 32
const PLOT = { left: 50, right: 350, height: 190 }
const AXIS_HEIGHT = 44
const LEGEND_ROW = 18
const MAX_POINTS = 400
const MAX_TICKS = 5
const MARGIN = 8
/** A legend's sample of a line, and the width of a letter. */
const [SAMPLE, LETTER] = [20, 7.2]
/** So that lines differ without their colors. */
const DASHES = ['none', '7 3', '2 3', '9 3 2 3']

type Point = readonly [x: number, y: number]

export interface Curve {
  readonly name: string
  readonly color: string
  readonly points: readonly Point[]
}

interface PlotOptions {
  readonly title: string
  /** What the horizontal axis counts. */
  readonly over: string
  /** Lowest maximum of the vertical axis. */
  readonly atLeast?: number
}

/** Curves over counts, such as steps, as SVG. Both axes start at 0. Many points are averaged. */
export function curvePlot (curves: readonly Curve[], { title, over, atLeast = 0 }: PlotOptions): string {
  const thinned = curves.map(curve => ({ ...curve, points: averaged(curve.points.filter(([, y]) => Number.isFinite(y))) }))
  const all = thinned.flatMap(({ points }) => points)
  const ticks = { x: ticksTo(Math.max(1, ...all.map(([x]) => x)), 1), y: ticksTo(Math.max(atLeast, ...all.map(([, y]) => y)) || 1) }
  const { elements, height } = legend(curves)
  const [top, bottom] = [TITLE_HEIGHT + height, TITLE_HEIGHT + height + PLOT.height]
  const x = (value: number): number => PLOT.left + value / ticks.x.at(-1)! * (PLOT.right - PLOT.left)
  const y = (value: number): number => bottom - value / ticks.y.at(-1)! * (bottom - top)
  return svgFile(WIDTH, bottom + AXIS_HEIGHT, [
    label(MARGIN, 18, title, 'start', 'font-size="14"'),
    ...elements,
    ...ticks.y.flatMap(tick => [line(PLOT.left, y(tick), PLOT.right, y(tick)), label(PLOT.left - MARGIN, y(tick) + 4, String(tick), 'end')]),
    ...ticks.x.map(tick => label(x(tick), bottom + 18, String(tick), 'middle')),
    label((PLOT.left + PLOT.right) / 2, bottom + 36, over, 'middle'),
    ...thinned.map(({ points, color }, i) => mark(points.map(([a, b]) => [x(a), y(b)]), color, dashOf(i, curves)))
  ])
}

/** A line; a single point as a dot. */
function mark (points: readonly Point[], color: string, dash: string): string {
  const [[x, y] = [0, 0], another] = points
  if (points.length > 0 && !another) return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${color}"/>`
  return dashed(polyline(points, color, 2), dash)
}

const dashed = (element: string, dash: string): string => `<g stroke-dasharray="${dash}">${element}</g>`

/** Curves of the same color get different dashes. */
function dashOf (index: number, curves: readonly Curve[]): string {
  const earlier = curves.slice(0, index).filter(({ color }) => color === curves[index]!.color).length
  return DASHES[(index + earlier) % DASHES.length]!
}

/** Samples of the lines with their names, in as many rows as they need. */
function legend (curves: readonly Curve[]): { readonly elements: string[], readonly height: number } {
  let [left, top] = [MARGIN, TITLE_HEIGHT]
  const elements = curves.flatMap(({ name, color }, i) => {
    const width = SAMPLE + 4 + name.length * LETTER
    if (left > MARGIN && left + width > WIDTH) [left, top] = [MARGIN, top + LEGEND_ROW]
    const start = left
    left += width + MARGIN
    return [
      dashed(polyline([[start, top + 5], [start + SAMPLE, top + 5]], color, 2), dashOf(i, curves)),
      label(start + SAMPLE + 4, top + 9, name, 'start', `fill="${color}" font-weight="bold"`)
    ]
  })
  return { elements, height: top + LEGEND_ROW - TITLE_HEIGHT + MARGIN }
}

function averaged (points: readonly Point[]): Point[] {
  const size = Math.ceil(points.length / MAX_POINTS)
  if (size < 2) return [...points]
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const part = points.slice(i * size, (i + 1) * size)
    return [mean(part.map(([x]) => x)), mean(part.map(([, y]) => y))]
  })
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** From 0 to at least `most`, in steps of 1, 2 or 5 times a power of ten, of `minStep` or more. */
function ticksTo (most: number, minStep = 0): number[] {
  const wanted = Math.max(minStep, most / MAX_TICKS)
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = power * [1, 2, 5, 10].find(factor => factor * power >= wanted * (1 - 1e-9))!
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => significant(i * step, 3))
}
