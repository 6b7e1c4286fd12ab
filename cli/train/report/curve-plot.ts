import { label, line, polyline, svgFile } from '../../eval/svg-plot.ts'
import { significant } from '../../../engine/numbers.ts'

const WIDTH = 540
const HEIGHT = 300
const PLOT = { left: 58, right: 520, top: 46, bottom: 256 }
const MAX_POINTS = 400
const TICKS = 5

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

/** Curves over one axis, from 0 on, as SVG. Many points are averaged. */
export function curvePlot (curves: readonly Curve[], { title, over, atLeast = 0 }: PlotOptions): string {
  const thinned = curves.map(curve => ({ ...curve, points: averaged(curve.points.filter(([, y]) => Number.isFinite(y))) }))
  const all = thinned.flatMap(({ points }) => points)
  const columns = ticksTo(Math.max(1, ...all.map(([x]) => x)), 1)
  const rows = ticksTo(Math.max(atLeast, ...all.map(([, y]) => y)) || 1)
  const [right, top] = [columns.at(-1)!, rows.at(-1)!]
  const x = (value: number): number => PLOT.left + value / right * (PLOT.right - PLOT.left)
  const y = (value: number): number => PLOT.bottom - value / top * (PLOT.bottom - PLOT.top)
  const grid = [
    ...rows.flatMap(tick => [line(PLOT.left, y(tick), PLOT.right, y(tick)), label(PLOT.left - 8, y(tick) + 4, String(tick), 'end')]),
    ...columns.map(tick => label(x(tick), PLOT.bottom + 18, String(tick), 'middle'))
  ]
  return svgFile(WIDTH, HEIGHT, [
    label(PLOT.left, 18, title, 'start', 'font-size="14"'),
    ...grid,
    label((PLOT.left + PLOT.right) / 2, PLOT.bottom + 36, over, 'middle'),
    ...thinned.map(({ points, color }) => mark(points.map(([a, b]) => [x(a), y(b)]), color)),
    ...legend(curves)
  ])
}

/** A line; a single point as a dot. */
function mark (points: readonly Point[], color: string): string {
  const [[x, y] = [0, 0], another] = points
  if (points.length > 0 && !another) return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${color}"/>`
  return polyline(points, color, 2)
}

function legend (curves: readonly Curve[]): string[] {
  let end = PLOT.right
  return curves.toReversed().map(({ name, color }) => {
    const text = label(end, 36, name, 'end', `fill="${color}" font-weight="bold"`)
    end -= name.length * 7.5 + 14
    return text
  })
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

/** Round numbers from 0 to at least `max`, about five. @param least step */
function ticksTo (max: number, least = 0): number[] {
  const power = 10 ** Math.floor(Math.log10(max / TICKS))
  const step = Math.max(least, power * [1, 2, 2.5, 5, 10].find(factor => factor * power * TICKS >= max * (1 - 1e-9))!)
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, i) => significant(i * step, 3))
}
