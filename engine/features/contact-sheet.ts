import sharp from 'sharp'
import type { Size } from '../../head/decode/boxes.ts'
import { decodeImage } from '../image/decode.ts'
import { blankCanvas } from './canvas.ts'
import { svgDrawing, svgText } from './svg.ts'

/** A picture of a contact sheet. */
export interface Tile {
  /** The bytes of an image file, read when it is drawn. */
  readonly read: () => Promise<Uint8Array>
  /** Of its frame and its first line of text. */
  readonly color: string
  readonly lines: readonly string[]
}

export interface SheetOptions {
  readonly title: string
  /** Images that declare more are refused before they are decoded. */
  readonly maxPixels: number
}

const TILE = 160
const FRAME = 3
const GAP = 12
const MARGIN = 16
const LINE = 16
const TEXT_LINES = 2
const HEADER = 48
const MIN_WIDTH = 640
const MAX_CHARACTERS = 24
const QUALITY = 88

/**
 * A JPEG of images as tiles, each in a colored frame above its text.
 * @throws ImageError if an image can't be decoded
 */
export async function contactSheet (tiles: readonly Tile[], { title, maxPixels }: SheetOptions): Promise<Buffer> {
  const columns = Math.max(1, Math.ceil(Math.sqrt(tiles.length)))
  const canvas = blankCanvas(sizeOf(tiles.length, columns))
  const pictures = []
  const elements = [svgText(MARGIN, 30, title, { size: 16, bold: true })]
  for (const [i, tile] of tiles.entries()) {
    const left = MARGIN + (i % columns) * (TILE + GAP)
    const top = HEADER + Math.floor(i / columns) * (TILE + GAP + TEXT_LINES * LINE)
    pictures.push({ input: await thumbnail(await tile.read(), maxPixels), left, top })
    elements.push(...captions(tile, left, top))
  }
  return await sharp(canvas.data, { raw: { width: canvas.width, height: canvas.height, channels: 3 } })
    .composite([...pictures, { input: svgDrawing(canvas, elements) }])
    .jpeg({ quality: QUALITY }).toBuffer()
}

function sizeOf (tiles: number, columns: number): Size {
  const rows = Math.ceil(tiles / columns)
  return {
    width: Math.max(MIN_WIDTH, 2 * MARGIN + columns * (TILE + GAP) - GAP),
    height: HEADER + rows * (TILE + GAP + TEXT_LINES * LINE) + MARGIN
  }
}

/** The whole image, centered in a square, as PNG. */
async function thumbnail (bytes: Uint8Array, maxPixels: number): Promise<Buffer> {
  const { data, width, height } = await decodeImage(bytes, maxPixels, { ignoreIcc: false })
  return await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(TILE, TILE, { fit: 'contain', background: '#202024' }).png().toBuffer()
}

function captions ({ color, lines }: Tile, left: number, top: number): string[] {
  const inset = FRAME / 2
  const frame = `<rect x="${left + inset}" y="${top + inset}" width="${TILE - FRAME}" height="${TILE - FRAME}" ` +
    `fill="none" stroke="${color}" stroke-width="${FRAME}"/>`
  const texts = lines.slice(0, TEXT_LINES).map((line, i) =>
    svgText(left, top + TILE + (i + 1) * LINE - 2, shortened(line), { size: 12, ...(i === 0 && { color }) }))
  return [frame, ...texts]
}

const shortened = (text: string): string =>
  text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text
