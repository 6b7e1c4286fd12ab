/** The text that nanodet summary prints. */
import type { Guideline } from '../models/guidelines.ts'
import type { Cost, LayerSummary, ModelSummary } from '../models/summary.ts'
import { textTable } from './text-table.ts'

const COST = { parameters: 'right', MACs: 'right', 'memory access': 'right' } as const
const LAYERS = { layer: 'left', operators: 'left', output: 'left', ...COST } as const
const OPERATORS = { operator: 'left', count: 'right', MACs: 'right', 'memory access': 'right' } as const
const GUIDELINES = { guideline: 'left', measure: 'left', value: 'right', ideal: 'right', meaning: 'left' } as const

/** A summary as tables: layers as a tree, operators, the four guidelines. */
export function describeSummary ({ model, input, folded, layers, operators, totals, guidelines }: ModelSummary): string {
  return [
    `${model}, ${input.join('×')}, batch norms ${folded ? 'folded' : 'not folded'}`,
    textTable(LAYERS, [...layers.map(layerRow), ['all', '', '', ...costRow(totals)]]),
    textTable(OPERATORS, operators.map(({ op, count, macs, accesses }) => [op, ...[count, macs, accesses].map(whole)])),
    textTable(GUIDELINES, guidelines.map(guidelineRow)),
    ''
  ].join('\n')
}

function layerRow (layer: LayerSummary): string[] {
  const names = layer.name.split('.')
  return [`${'  '.repeat(names.length - 1)}${names.at(-1)}`, layer.kind, layer.shape?.join('×') ?? '', ...costRow(layer)]
}

const guidelineRow = ({ guideline, figure, value, ideal, meaning }: Guideline): string[] =>
  [guideline, figure, value.toFixed(3), String(ideal), meaning]

const costRow = ({ parameters, macs, accesses }: Cost): string[] => [parameters, macs, accesses].map(whole)

const whole = (value: number): string => value.toLocaleString('en-US')
