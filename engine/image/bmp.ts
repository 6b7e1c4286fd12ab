import type { Size } from '../../head/decode/boxes.ts'
import { ImageError } from '../errors.ts'
import { unpackRle } from './bmp-rle.ts'

/** Header of a BMP file. Source: https://learn.microsoft.com/windows/win32/gdi/bitmap-storage */
export interface BmpHeader extends Size {
  readonly isTopDown: boolean
  readonly bits: number
  readonly compression: number
  /** Offset of the pixels. */
  readonly offset: number
  /** Bits of red, green and blue in a pixel of 16 or 32 bits. */
  readonly masks: readonly number[]
  /** Blue, green, red and maybe a spare byte of each color. */
  readonly palette: Uint8Array
  readonly paletteStep: number
}

const FILE_HEADER = 14
const CORE_HEADER = 12
const INFO_HEADER = 40
const [RGB, RLE8, RLE4, BIT_FIELDS, ALPHA_BIT_FIELDS] = [0, 1, 2, 3, 6] as const
/** Valid depths by compression. */
const DEPTHS: Record<number, readonly number[]> = {
  [RGB]: [1, 2, 4, 8, 16, 24, 32],
  [RLE8]: [8],
  [RLE4]: [4],
  [BIT_FIELDS]: [16, 32],
  [ALPHA_BIT_FIELDS]: [16, 32]
}
const DEFAULT_MASKS: Record<number, readonly number[]> = { 16: [0x7c00, 0x3e0, 0x1f], 32: [0xff0000, 0xff00, 0xff] }
const OS2_HEADER = 64

/** @throws Error if the header is invalid, ImageError if the pixel format is not supported */
export function readBmpHeader (bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerSize = view.getUint32(FILE_HEADER, true)
  const header = headerSize === CORE_HEADER ? coreHeader(view) : infoHeader(view, headerSize)
  const { width, height, bits, compression, offset } = header
  if (width < 1 || height < 1 || offset > bytes.length) throw new Error('a BMP of sizes that are impossible')
  const isOs2 = headerSize === OS2_HEADER && compression > RLE4 // OS/2 uses other compression numbers
  const isRead = !isOs2 && DEPTHS[compression]?.includes(bits)
  if (!isRead) throw unsupported(`a BMP of ${bits} bits in compression ${compression}`)
  return { ...header, palette: paletteOf(bytes, header) }
}

interface PalettePlace { readonly bits: number, readonly offset: number, readonly paletteStart: number, readonly paletteStep: number }

/** Between the headers and the pixels, or less. */
function paletteOf (bytes: Uint8Array, { bits, offset, paletteStart, paletteStep }: PalettePlace): Uint8Array {
  return bytes.subarray(paletteStart, Math.max(paletteStart, Math.min(offset, paletteStart + paletteStep * 2 ** bits)))
}

function coreHeader (view: DataView) {
  return {
    width: view.getUint16(18, true),
    height: view.getUint16(20, true),
    isTopDown: false,
    bits: view.getUint16(24, true),
    compression: RGB,
    offset: view.getUint32(10, true),
    masks: [],
    paletteStart: FILE_HEADER + CORE_HEADER,
    paletteStep: 3
  }
}

function infoHeader (view: DataView, headerSize: number) {
  const height = view.getInt32(22, true)
  const bits = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  const hasMasks = compression === BIT_FIELDS || compression === ALPHA_BIT_FIELDS
  const masksSize = hasMasks && headerSize === INFO_HEADER ? (compression === BIT_FIELDS ? 12 : 16) : 0 // longer headers include them
  return {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    isTopDown: height < 0,
    bits,
    compression,
    offset: view.getUint32(10, true),
    masks: hasMasks ? [54, 58, 62].map(place => view.getUint32(place, true)) : DEFAULT_MASKS[bits] ?? [],
    paletteStart: FILE_HEADER + headerSize + masksSize,
    paletteStep: 4
  }
}

/** Upright RGB, three bytes a pixel; transparency is dropped. @throws Error if the file is cut short */
export function decodeBmp (bytes: Uint8Array): Size & { readonly data: Uint8Array } {
  const header = readBmpHeader(bytes)
  const { width, height, isTopDown, compression } = header
  const rows = compression === RLE8 || compression === RLE4 ? unpackedRows(bytes, header) : storedRows(bytes, header)
  const data = new Uint8Array(width * height * 3)
  const writeRow = rowWriter(header)
  for (let y = 0; y < height; y++) {
    const start = (isTopDown ? y : height - 1 - y) * width * 3
    writeRow(rows(y), data.subarray(start, start + width * 3))
  }
  return { width, height, data }
}

type Rows = (y: number) => Uint8Array

function storedRows (bytes: Uint8Array, { width, height, bits, offset }: BmpHeader): Rows {
  const used = Math.ceil(width * bits / 8)
  const stride = Math.ceil(used / 4) * 4
  if (offset + stride * (height - 1) + used > bytes.length) throw new Error('a BMP that is cut short')
  return y => bytes.subarray(offset + y * stride, offset + y * stride + used)
}

function unpackedRows (bytes: Uint8Array, { offset, ...header }: BmpHeader): Rows {
  const indices = unpackRle(bytes.subarray(offset), header)
  return y => indices.subarray(y * header.width, (y + 1) * header.width)
}

type RowWriter = (row: Uint8Array, target: Uint8Array) => void

function rowWriter ({ bits, compression, masks, palette, paletteStep }: BmpHeader): RowWriter {
  if (bits === 24) return writeBgr
  if (bits > 8) return maskedWriter(bits / 8, masks)
  return paletteWriter(compression === RGB ? bits : 8, palette, paletteStep)
}

function writeBgr (row: Uint8Array, target: Uint8Array): void {
  for (let i = 0; i < target.length; i += 3) {
    target[i] = row[i + 2]!
    target[i + 1] = row[i + 1]!
    target[i + 2] = row[i]!
  }
}

/** Indices beyond the palette are black. */
function paletteWriter (bits: number, palette: Uint8Array, paletteStep: number): RowWriter {
  const [perByte, mask] = [8 / bits, 2 ** bits - 1]
  const colors = Array.from({ length: 2 ** bits }, (_, index) => [2, 1, 0].map(c => palette[index * paletteStep + c] ?? 0)).flat()
  return (row, target) => {
    for (let x = 0, i = 0; i < target.length; x++) {
      const color = 3 * (row[Math.floor(x / perByte)]! >> (8 - bits - (x % perByte) * bits) & mask)
      target[i++] = colors[color]!
      target[i++] = colors[color + 1]!
      target[i++] = colors[color + 2]!
    }
  }
}

function maskedWriter (bytesPerPixel: number, masks: readonly number[]): RowWriter {
  const channels = masks.map(mask => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)
    return { mask, shift, largest: (mask >>> shift) || 1 }
  })
  return (row, target) => {
    for (let at = 0, i = 0; i < target.length; at += bytesPerPixel) {
      const low = row[at]! | row[at + 1]! << 8
      const pixel = bytesPerPixel === 2 ? low : low | row[at + 2]! << 16 | row[at + 3]! << 24
      for (const { mask, shift, largest } of channels) {
        target[i++] = Math.round(((pixel & mask) >>> shift) * 255 / largest)
      }
    }
  }
}

function unsupported (found: string): ImageError {
  return new ImageError({ code: 'UNSUPPORTED_IMAGE', found, instead: 'PNG' })
}
