/** The text that nanodet features prints. */
import { significant } from '../engine/numbers.ts'
import type { LayerInfo } from '../models/layers.ts'
import { textTable } from './text-table.ts'

/** The printed part of a photo's JSON. */
export interface Description {
  readonly image: { readonly width: number, readonly height: number }
  readonly detections: ReadonlyArray<{ readonly label: string, readonly score: number }>
  readonly layers: readonly DescribedLayer[]
}

interface DescribedLayer {
  readonly name: string
  readonly alias?: string
  readonly shape: readonly number[]
  readonly statistics: { readonly [name in 'min' | 'max' | 'mean' | 'zeros']: number | null }
}

const LAYERS = { alias: 'left', name: 'left', shape: 'left', stride: 'right', parameters: 'right' } as const
const STATISTICS = { alias: 'left', name: 'left', shape: 'left', min: 'right', max: 'right', mean: 'right', zeros: 'right' } as const

/** A model's layers as a table. */
export function describeLayers (layers: readonly LayerInfo[]): string {
  const rows = layers.map(({ name, alias = '', shape, stride, parameters }) => [alias, name, shape.join('×'), String(stride ?? ''), String(parameters)])
  return `${textTable(LAYERS, rows)}\n`
}

/** The objects in a photo, statistics of its layers as a table, and the files written. */
export function describePhoto (photo: string, { image, detections, layers }: Description, files: readonly string[]): string {
  const found = detections.map(({ label, score }) => `${label} ${score.toFixed(2)}`).join(', ') || 'no objects'
  const lines = [`${photo}: ${image.width}×${image.height}, ${found}`, textTable(STATISTICS, layers.map(toRow)), ...files.map(file => `wrote ${file}`)]
  return `${lines.join('\n')}\n`
}

function toRow ({ name, alias = '', shape, statistics: { min, max, mean, zeros } }: DescribedLayer): string[] {
  return [alias, name, shape.join('×'), digits(min), digits(max), digits(mean), zeros === null ? '–' : `${(zeros * 100).toFixed(1)} %`]
}

const digits = (value: number | null): string => value === null ? '–' : String(significant(value, 3))
