/** Text over pictures, as SVG that sharp draws. */
import type { Size } from '../../head/decode/boxes.ts'
import { significant } from '../numbers.ts'
import { escapeXml } from '../xml.ts'

export interface TextStyle {
  readonly size?: number
  readonly color?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly bold?: boolean
}

const FONTS = 'DejaVu Sans, Arial, Helvetica, sans-serif'

/** A line of text; `y` is its baseline, `size` in pixels. */
export function svgText (x: number, y: number, text: string, { size = 13, color = '#e8e8e8', anchor = 'start', bold }: TextStyle = {}): string {
  const weight = bold ? 'bold' : 'normal'
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${color}" text-anchor="${anchor}">${escapeXml(text)}</text>`
}

/** A drawing of some elements. */
export function svgDrawing ({ width, height }: Size, elements: readonly string[]): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${FONTS}">${elements.join('')}</svg>`)
}

/** A number for display: three digits, a typographic minus. */
export function formatNumber (value: number): string {
  return String(significant(value, 3)).replace('-', '−')
}
