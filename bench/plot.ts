import type { Level } from '../cli/load/level.ts'
import { rounded, significant } from '../engine/numbers.ts'
import { escapeXml } from '../engine/xml.ts'
import { describeMachine } from './machine.ts'
import type { Report } from './report.ts'

/** One line of a panel. */
interface Series { readonly name: string, readonly color: string, readonly values: readonly number[] }

interface Panel { readonly title: string, readonly left: number, readonly series: readonly Series[] }

const WIDTH = 720
const HEIGHT = 320
/** Positions of a panel's axes; panels are side by side. */
const PLOT = { width: 270, top: 70, bottom: 260 }
const LEFTS = [60, 420] as const
const GRID_LINES = 4
// Mid tones are readable on white and on black.
const INK = '#808080'
const BLUE = '#3f87d0'
const ORANGE = '#d0703f'
const STEPS = [1, 2, 2.5, 5, 10]

/** Latency and requests/s against the number of clients, as an SVG file. */
export function toSvg ({ machine, model, levels }: Report): string {
  const latency = [
    { name: 'p50', color: BLUE, values: levels.map(({ latency_ms: { p50 } }) => p50) },
    { name: 'p95', color: ORANGE, values: levels.map(({ latency_ms: { p95 } }) => p95) }
  ]
  const throughput = [{ name: 'requests/s', color: BLUE, values: levels.map(level => level.requests_per_second) }]
  const panels = [
    { title: 'Latency, ms', left: LEFTS[0], series: latency },
    { title: 'Requests per second', left: LEFTS[1], series: throughput }
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${INK}">`,
    text(WIDTH / 2, 24, `${model}, POST /detect`, 'middle', 'font-size="15"'),
    ...panels.map(panel => drawPanel(panel, levels)),
    text(WIDTH / 2, HEIGHT - 10, describeMachine(machine), 'middle', 'font-size="10"'),
    '</svg>\n'
  ].join('\n')
}

function drawPanel ({ title, left, series }: Panel, levels: readonly Level[]): string {
  const step = niceStep(Math.max(1e-9, ...series.flatMap(({ values }) => values)) / GRID_LINES)
  const x = (i: number): number => left + (i + 0.5) * PLOT.width / levels.length
  const y = (value: number): number => PLOT.bottom - value / (step * GRID_LINES) * (PLOT.bottom - PLOT.top)
  return [
    text(left, PLOT.top - 16, title, 'start'),
    ...Array.from({ length: GRID_LINES + 1 }, (_, i) => gridLine(left, y(i * step), i * step)),
    ...levels.map(({ concurrency }, i) => text(x(i), PLOT.bottom + 16, String(concurrency), 'middle')),
    text(left + PLOT.width / 2, PLOT.bottom + 32, 'clients', 'middle'),
    ...series.map(line => drawSeries(line, x, y)),
    ...series.toReversed().map(({ name, color }, i) => text(left + PLOT.width - 60 * i, PLOT.top - 16, name, 'end', `fill="${color}"`))
  ].join('\n')
}

function drawSeries ({ color, values }: Series, x: (i: number) => number, y: (value: number) => number): string {
  const points = values.map((value, i) => [x(i), y(value)].map(toTenths)) as [number, number][]
  const dots = points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`)
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}`
}

function gridLine (left: number, y: number, value: number): string {
  const line = `<line x1="${left}" x2="${left + PLOT.width}" y1="${toTenths(y)}" y2="${toTenths(y)}" stroke="${INK}" stroke-opacity="0.3"/>`
  return line + text(left - 6, y + 4, String(significant(value, 3)), 'end')
}

/** The next larger of 1, 2, 2.5, 5 and 10 times a power of ten. */
function niceStep (least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * STEPS.find(step => step * power >= least * (1 - 1e-9))!
}

function text (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', attributes = ''): string {
  return `<text x="${toTenths(x)}" y="${toTenths(y)}" text-anchor="${anchor}" ${attributes}>${escapeXml(content)}</text>`
}

const toTenths = (value: number): number => rounded(value, 1)
