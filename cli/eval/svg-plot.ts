/** Parts of plots, as SVG. Colors are mid tones that read on white and on black. */
import { rounded } from '../../engine/numbers.ts'
import { escapeXml } from '../../engine/xml.ts'

export const INK = '#808080'
export const BLUE = '#3f87d0'
export const ORANGE = '#d0703f'
export const GREEN = '#4f9f5f'

type Anchor = 'start' | 'middle' | 'end'

/** An SVG file. @param elements as strings */
export function svgFile (width: number, height: number, elements: readonly string[]): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`
  const style = `font-family="sans-serif" font-size="12" fill="${INK}"`
  return [`<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style}>`, ...elements, '</svg>\n'].join('\n')
}

/** A line of text; `y` is its baseline. */
export const label = (x: number, y: number, content: string, anchor: Anchor = 'start', attributes = ''): string =>
  `<text x="${tenths(x)}" y="${tenths(y)}" text-anchor="${anchor}"${attributes && ` ${attributes}`}>` +
  `${escapeXml(content)}</text>`

export const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${tenths(x1)}" y1="${tenths(y1)}" x2="${tenths(x2)}" y2="${tenths(y2)}" ` +
  `stroke="${INK}" stroke-opacity="0.3"/>`

type Point = readonly [x: number, y: number]

/** A line through points. */
export const polyline = (points: readonly Point[], color: string, width: number, opacity = 1): string =>
  `<polyline points="${points.map(([x, y]) => `${tenths(x)},${tenths(y)}`).join(' ')}" fill="none" stroke="${color}" ` +
  `stroke-width="${width}" stroke-opacity="${opacity}"/>`

/** An element with a text that browsers show under the mouse. */
export const titled = (title: string, element: string): string => `<g><title>${escapeXml(title)}</title>${element}</g>`

/** To a tenth of a pixel. */
export const tenths = (value: number): number => rounded(value, 1)
