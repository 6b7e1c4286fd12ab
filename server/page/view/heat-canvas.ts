import { COLORS } from '../../../engine/features/color-map.ts'
import { formatNumber } from '../../../engine/features/svg.ts'
import { rangeTexts, type ValueRange } from '../../../engine/features/value-range.ts'
import type { Size } from '../../../head/decode/boxes.ts'
import { fitted, heatPixels, photoRange, type Alignment } from '../logic/heat-map.ts'
import type { LayerMap } from '../logic/maps.ts'
import { h } from './dom.ts'

export interface HeatOptions {
  /** Of the colors; by default that of the values on the photo. */
  readonly range?: ValueRange
  /** The canvas has at most so many pixels on its longer side. */
  readonly longest?: number
  /** For screen readers; decoration without it. */
  readonly label?: string
}

/** A layer's map, to lie over the photo: it has the photo's ratio, and is transparent where the layer responds weakly. */
export function heatCanvas (alignment: Alignment, map: LayerMap, options: HeatOptions = {}): HTMLCanvasElement {
  const { range = photoRange(alignment, map), longest = 1024, label } = options
  const shown = fitted(alignment.image, longest)
  return pixelCanvas(heatPixels(alignment, map, range, shown), shown, label)
}

/** The colors from left to right, with the values that they stand for. */
export function heatLegend (range: ValueRange): HTMLElement {
  const [lowest, middle, highest] = rangeTexts(range)
  const label = `Colors from ${formatNumber(range.min)}, dark, to ${formatNumber(range.max)}, light`
  return h('div', { class: 'heat-legend', role: 'img', 'aria-label': label },
    colorBar(), h('span', { class: 'min' }, lowest), h('span', { class: 'middle' }, middle), h('span', { class: 'max' }, highest))
}

function colorBar (): HTMLCanvasElement {
  const width = COLORS.length / 3 - 1
  const rgba = Uint8ClampedArray.from({ length: width * 4 }, (_, i) => i % 4 === 3 ? 255 : COLORS[(i >> 2) * 3 + i % 4]!)
  return pixelCanvas(rgba, { width, height: 1 })
}

/** A canvas with these RGBA pixels. */
export function pixelCanvas (rgba: Uint8ClampedArray<ArrayBuffer>, { width, height }: Size, label?: string): HTMLCanvasElement {
  const canvas = h('canvas', { width, height, ...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' }) })
  canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0)
  return canvas
}
