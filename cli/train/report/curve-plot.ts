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
  const [right, top] = [scaleEnd(Math.max(1, ...all.map(([x]) => x))), scaleEnd(Math.max(atLeast, ...all.map(([, y]) => y)) || 1)]
  const x = (value: number): number => PLOT.left + value / right * (PLOT.right - PLOT.left)
  const y = (value: number): number => PLOT.bottom - value / top * (PLOT.bottom - PLOT.top)
  const grid = Array.from({ length: TICKS + 1 }, (_, i) => i / TICKS).flatMap(share => [
    line(PLOT.left, y(top * share), PLOT.right, y(top * share)),
    label(PLOT.left - 8, y(top * share) + 4, String(significant(top * share, 3)), 'end'),
    label(x(right * share), PLOT.bottom + 18, String(significant(right * share, 3)), 'middle')
  ])
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

/** The next round number: 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
function scaleEnd (value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(factor => factor * power >= value * (1 - 1e-9))!
}
