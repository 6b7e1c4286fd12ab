import sharp from 'sharp'
import { iou, type Box, type Size } from '../../head/decode/boxes.ts'
import type { DetectedObject, Drawing } from '../results.ts'
import { decodeImage } from './decode.ts'
import { rounded } from '../numbers.ts'
import { escapeXml } from '../xml.ts'

type Rgb = readonly [red: number, green: number, blue: number]

const JPEG_OPTIONS = { quality: 90, chromaSubsampling: '4:4:4' } as const // subsampling blurs thin colored lines
const MAX_SIDE = 16_000 // SVG renderers are limited to 32,767 pixels, JPEG to 65,535
const GOLDEN_ANGLE = 137.508
const LIGHTNESSES = [0.6, 0.72, 0.48]
const MIN_FONT_SIZE = 11
const FONT_SHARE = 0.019
const LINE_HEIGHT = 1.3 // in font sizes, as PADDING is
const PADDING = 0.3
const DARK = '#111'
const LIGHT = '#fff'

/** A box to draw, with a label, and a score if there is one. */
export type DrawnObject = Pick<DetectedObject, 'classId' | 'box' | 'label'> & { readonly score?: number }

/** Images that declare more than `maxPixels` are refused before they are decoded. */
interface AnnotateOptions extends Partial<Drawing> { readonly maxPixels: number }

/**
 * The photo upright in sRGB, with a box and a label on every object, as a JPEG or PNG file.
 * @param bytes an image file
 * @param objects their boxes in pixels of the upright photo, as the detect task returns them
 * @param options by default JPEG; a photo whose longer side exceeds `maxSide` or 16,000 pixels is scaled down
 * @throws ImageError if the image can't be decoded
 */
export async function annotate (
  bytes: Uint8Array, objects: readonly DrawnObject[], { maxPixels, format = 'jpeg', maxSide = MAX_SIDE }: AnnotateOptions
): Promise<Buffer> {
  const { data, width, height } = await decodeImage(bytes, maxPixels, { ignoreIcc: false })
  const scale = Math.min(1, Math.min(maxSide, MAX_SIDE) / Math.max(width, height))
  const size = { width: sideOf(width, scale), height: sideOf(height, scale) }
  const drawing = annotationSvg(size, objects.map(object => ({ ...object, box: scaled(object.box, scale) })))
  const drawn = sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize({ ...size, fit: 'fill' })
    .composite([{ input: Buffer.from(drawing) }])
  return await (format === 'png' ? drawn.removeAlpha().png() : drawn.jpeg(JPEG_OPTIONS)).toBuffer()
}

const sideOf = (side: number, scale: number): number => Math.max(1, Math.round(side * scale))

/** The boxes and labels alone, as an SVG of the photo's size. The first of `objects` is on top. */
export function annotationSvg ({ width, height }: Size, objects: readonly DrawnObject[]): string {
  const fontSize = Math.max(MIN_FONT_SIZE, FONT_SHARE * Math.sqrt(width * height))
  const boxes = objects.map(object => boxSvg(object, fontSize / 7)).toReversed()
  const places = tagPlaces(objects, { width, height }, fontSize)
  const tags = objects.map((object, i) => tagSvg(object, places[i]!, fontSize)).toReversed()
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="${fixed(fontSize)}">` +
    `${boxes.join('')}${tags.join('')}</svg>`
}

/** A line of the class's color along the inside of the box, with a dark edge for contrast. */
function boxSvg ({ classId, box: [x1, y1, x2, y2] }: DrawnObject, lineWidth: number): string {
  const inset = Math.min(lineWidth, x2 - x1, y2 - y1) / 2
  const [width, height] = [x2 - x1 - 2 * inset, y2 - y1 - 2 * inset]
  const rect = `<rect x="${fixed(x1 + inset)}" y="${fixed(y1 + inset)}" width="${fixed(width)}" height="${fixed(height)}" fill="none"`
  return `${rect} stroke="${DARK}" stroke-opacity="0.4" stroke-width="${fixed(lineWidth * 1.7)}"/>` +
    `${rect} stroke="${toHex(classColor(classId))}" stroke-width="${fixed(lineWidth)}"/>`
}

/** Places the labels: the best object chooses first; the others avoid occupied space. */
function tagPlaces (objects: readonly DrawnObject[], photo: Size, fontSize: number): Box[] {
  const taken: Box[] = []
  for (const object of objects) {
    const places = possiblePlaces(object, photo, fontSize)
    taken.push(places.find(place => taken.every(other => iou(place, other) === 0)) ?? places[0]!)
  }
  return taken
}

/** On the box's upper edge, below that edge, above the lower one or on it, as far as that lies inside the photo. */
function possiblePlaces (object: DrawnObject, photo: Size, fontSize: number): Box[] {
  const [x1, y1, , y2] = object.box
  const width = (textWidth(tagText(object)) + 2 * PADDING) * fontSize
  const height = LINE_HEIGHT * fontSize
  const x = Math.max(0, Math.min(x1, photo.width - width))
  const rows = [y1 - height, y1, y2 - height, y2].filter(y => y >= 0 && y + height <= photo.height)
  return (rows.length > 0 ? rows : [0]).map(y => [x, y, x + width, y + height])
}

function tagSvg (object: DrawnObject, [x1, y1, x2, y2]: Box, fontSize: number): string {
  const color = classColor(object.classId)
  return `<rect x="${fixed(x1)}" y="${fixed(y1)}" width="${fixed(x2 - x1)}" height="${fixed(y2 - y1)}" fill="${toHex(color)}"/>` +
    `<text x="${fixed(x1 + PADDING * fontSize)}" y="${fixed(y1 + fontSize)}" fill="${textColor(color)}">${escapeXml(tagText(object))}</text>`
}

function tagText ({ label, score }: DrawnObject): string {
  return score === undefined ? label : `${label} ${score.toFixed(2)}`
}

/** In font sizes; an overestimate, since fonts can't be measured here. */
function textWidth (text: string): number {
  return [...text].reduce((width, char) => width + (/[ .,'ijlftI]/.test(char) ? 0.36 : /[mwMW]/.test(char) ? 0.95 : 0.63), 0)
}

/** Consecutive classes differ most: in hue by the golden angle, and in lightness. */
function classColor (classId: number): Rgb {
  return hslToRgb((classId * GOLDEN_ANGLE) % 360, 0.9, LIGHTNESSES[classId % LIGHTNESSES.length]!)
}

/** Hue in degrees, the rest 0 … 1. Source: https://www.w3.org/TR/css-color-4/#hsl-to-rgb */
function hslToRgb (hue: number, saturation: number, lightness: number): Rgb {
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12
    return lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  }
  return [channel(0), channel(8), channel(4)]
}

/** Dark or light, whichever is easier to read on the color. Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function textColor (color: Rgb): string {
  const luminance = 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2])
  return luminance > 0.19 ? DARK : LIGHT
}

function linear (value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function toHex (color: Rgb): string {
  return '#' + color.map(value => Math.round(value * 255).toString(16).padStart(2, '0')).join('')
}

function scaled ([x1, y1, x2, y2]: Box, scale: number): Box {
  return [x1 * scale, y1 * scale, x2 * scale, y2 * scale]
}

const fixed = (value: number): number => rounded(value, 2)
