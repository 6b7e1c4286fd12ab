import sharp from 'sharp'
import type { Size } from '../../head/decode/boxes.ts'
import type { Pixels } from '../image/decode.ts'
import { blankCanvas, paintColorBar } from './canvas.ts'
import { blend, rangeOnPhoto, spread, type PhotoMap } from './heat.ts'
import { svgDrawing, svgText } from './svg.ts'
import { rangeLabels, type ValueRange } from './value-range.ts'

export interface OverlayOptions {
  /** Text of the legend: the layer, and how its channels were reduced. */
  readonly title: string
  /** Opacity of the highest color, 0 … 1. */
  readonly strength?: number
  /** A drawing on top, in the photo's pixels: boxes. */
  readonly svgOnTop?: string
}

const DEFAULT_STRENGTH = 0.7
const MIN_SIDE = 640
const MAX_SIDE = 1280
const MIN_LEGEND_WIDTH = 320
const LEGEND_HEIGHT = 62
const MARGIN = 10
const QUALITY = 88

/**
 * A JPEG of the photo in gray, colored by a layer's map, above a legend. The color scale covers the values on the photo's area.
 * @param photo upright, as displayed; it is shown at `overlaySize`
 */
export async function featureOverlay (
  photo: Pixels, map: PhotoMap, { title, strength = DEFAULT_STRENGTH, svgOnTop = '' }: OverlayOptions
): Promise<Buffer> {
  const shown = overlaySize(photo)
  const range = rangeOnPhoto(map, photo)
  const blended = blend(await resized(photo, shown), spread(map, photo, shown), range, strength)
  const canvas = blankCanvas({ width: Math.max(shown.width, MIN_LEGEND_WIDTH), height: shown.height + LEGEND_HEIGHT })
  paintColorBar(canvas, MARGIN, shown.height + 30, { width: canvas.width - 2 * MARGIN, height: 10 })
  const drawing = svgDrawing(canvas, [...legend(canvas, title, range), scaled(svgOnTop, photo, shown)])
  return sharp(canvas.data, rawOf(canvas))
    .composite([{ input: Buffer.from(blended.data.buffer), ...rawOf(blended), left: 0, top: 0 }, { input: drawing }])
    .jpeg({ quality: QUALITY }).toBuffer()
}

/** Size at which a photo is shown: its long side is 640 … 1280 pixels, large enough for details and small enough for a screen. */
export function overlaySize ({ width, height }: Size): Size {
  const longSide = Math.max(width, height)
  const scale = Math.min(Math.max(longSide, MIN_SIDE), MAX_SIDE) / longSide
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

async function resized (photo: Pixels, { width, height }: Size): Promise<Pixels> {
  if (width === photo.width && height === photo.height) return photo
  const data = await sharp(photo.data, rawOf(photo)).resize(width, height, { fit: 'fill' }).raw().toBuffer()
  return { width, height, data }
}

const rawOf = ({ width, height }: Size) => ({ raw: { width, height, channels: 3 as const } })

function legend ({ width, height }: Size, title: string, range: ValueRange): string[] {
  const top = height - LEGEND_HEIGHT
  return [svgText(MARGIN, top + 21, title, { size: 15, bold: true }), ...rangeLabels(range, MARGIN, width - MARGIN, top + 55)]
}

/** A drawing in the photo's pixels, as an element of a drawing in shown pixels. */
function scaled (svg: string, photo: Size, { width, height }: Size): string {
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${photo.width} ${photo.height}" preserveAspectRatio="none">${svg}</svg>`
}
