/** What npm run features prints. */
import { significant } from '../engine/numbers.ts'
import type { LayerInfo } from '../models/layers.ts'
import { textTable } from './text-table.ts'

/** What the json format says of a photo, as far as it is printed. */
export interface Description {
  readonly image: { readonly width: number, readonly height: number }
  readonly detections: ReadonlyArray<{ readonly label: string, readonly score: number }>
  readonly layers: readonly DescribedLayer[]
}

interface DescribedLayer {
  readonly name: string
  readonly alias?: string
  readonly shape: readonly number[]
  readonly statistics: { readonly [figure in 'min' | 'max' | 'mean' | 'zeros']: number | null }
}

const LAYERS = { alias: 'left', name: 'left', shape: 'left', stride: 'right', parameters: 'right' } as const
const FIGURES = { alias: 'left', name: 'left', shape: 'left', min: 'right', max: 'right', mean: 'right', zeros: 'right' } as const

/** A model's layers as a table. */
export function describeLayers (layers: readonly LayerInfo[]): string {
  const rows = layers.map(({ name, alias = '', shape, stride, parameters }) => [alias, name, shape.join('×'), String(stride ?? ''), String(parameters)])
  return `${textTable(LAYERS, rows)}\n`
}

/** What was found in a photo, its layers' figures as a table, and the files made of them. */
export function describePhoto (photo: string, { image, detections, layers }: Description, files: readonly string[]): string {
  const found = detections.map(({ label, score }) => `${label} ${score.toFixed(2)}`).join(', ') || 'no objects'
  const lines = [`${photo}: ${image.width}×${image.height}, ${found}`, textTable(FIGURES, layers.map(toRow)), ...files.map(file => `wrote ${file}`)]
  return `${lines.join('\n')}\n`
}

function toRow ({ name, alias = '', shape, statistics: { min, max, mean, zeros } }: DescribedLayer): string[] {
  return [alias, name, shape.join('×'), digits(min), digits(max), digits(mean), zeros === null ? '–' : `${(zeros * 100).toFixed(1)} %`]
}

const digits = (value: number | null): string => value === null ? '–' : String(significant(value, 3))
