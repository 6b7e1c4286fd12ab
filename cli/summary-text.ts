/** The text that nanodet summary prints. */
import type { ProfileOutput } from '../engine/profile/report.ts'
import type { Precision } from '../models/calibration-table.ts'
import type { Guideline } from '../models/guidelines.ts'
import type { Cost, LayerSummary, ModelSummary } from '../models/summary.ts'
import { counted } from '../engine/numbers.ts'
import { textTable } from './text-table.ts'

const COST = { parameters: 'right', MACs: 'right', 'memory access': 'right' } as const
const LAYERS = { layer: 'left', operators: 'left', output: 'left', ...COST } as const
const TIMED_LAYERS = { ...LAYERS, ms: 'right' } as const
const OPERATORS = { operator: 'left', count: 'right', MACs: 'right', 'memory access': 'right' } as const
const GUIDELINES = { guideline: 'left', measure: 'left', value: 'right', ideal: 'right', meaning: 'left' } as const

/** The time of a whole run, in milliseconds. */
export interface RunTime {
  readonly precision: Precision
  readonly runs: number
  readonly threads: number
  readonly total_ms: number
  /** Operators of no layer. */
  readonly other_ms: number
}

/** A layer with its measured milliseconds; omitted if it was folded or fused into another. */
export interface TimedLayer extends LayerSummary { readonly ms?: number }

/** A summary; with `time`, layers have milliseconds. */
export interface TimedSummary extends ModelSummary {
  readonly layers: readonly TimedLayer[]
  readonly time?: RunTime
}

/** Adds measured times to a summary. */
export function timed (summary: ModelSummary, profile: ProfileOutput, precision: Precision): TimedSummary {
  const { runs, threads, totalMs, otherMs } = profile
  const times = new Map(profile.layers.map(({ name, ms }) => [name, ms]))
  const layers = summary.layers.map(layer => {
    const ms = times.get(layer.name)
    return { ...layer, ...(ms !== undefined && { ms }) }
  })
  return { ...summary, layers, time: { precision, runs, threads, total_ms: totalMs, other_ms: otherMs } }
}

/** A summary as tables: layers as a tree, operators, the four guidelines. */
export function describeSummary ({ model, input, folded, layers, operators, totals, guidelines, time }: TimedSummary): string {
  return [
    `${model}, ${input.join('×')}, batch norms ${folded ? 'folded' : 'not folded'}`,
    time ? timeTable(layers, totals, time) : textTable(LAYERS, [...layers.map(layerRow), allRow(totals)]),
    textTable(OPERATORS, operators.map(({ op, count, macs, accesses }) => [op, ...[count, macs, accesses].map(whole)])),
    textTable(GUIDELINES, guidelines.map(guidelineRow)),
    ''
  ].join('\n')
}

function timeTable (layers: readonly TimedLayer[], totals: Cost, time: RunTime): string {
  const { precision, runs, threads, total_ms: total, other_ms: other } = time
  const rows = layers.map(layer => [...layerRow(layer), layer.ms === undefined ? '' : inMs(layer.ms)])
  const table = textTable(TIMED_LAYERS, [...rows, ['other', '', '', '', '', '', inMs(other)], [...allRow(totals), inMs(total)]])
  const conditions = `${precision}, ${counted(threads, 'thread')}, median of ${counted(runs, 'run')} with a blank picture; other work may have run`
  return `${table}\nms: measured on this machine, ${conditions}`
}

const inMs = (ms: number): string => ms.toFixed(2)

const allRow = (totals: Cost): string[] => ['all', '', '', ...costRow(totals)]

function layerRow (layer: LayerSummary): string[] {
  const names = layer.name.split('.')
  return [`${'  '.repeat(names.length - 1)}${names.at(-1)}`, layer.kind, layer.shape?.join('×') ?? '', ...costRow(layer)]
}

const guidelineRow = ({ guideline, metric, value, ideal, meaning }: Guideline): string[] =>
  [guideline, metric, value.toFixed(3), String(ideal), meaning]

const costRow = ({ parameters, macs, accesses }: Cost): string[] => [parameters, macs, accesses].map(whole)

const whole = (value: number): string => value.toLocaleString('en-US')
