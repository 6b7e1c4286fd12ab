import type { Size } from '../../head/decode/boxes.ts'

export interface BmpParts extends Size {
  readonly bits: number
  /** 12, 40, 52, 56, 64, 108 or 124. */
  readonly headerSize?: number
  readonly compression?: number
  /** Of red, green and blue. */
  readonly masks?: readonly number[]
  readonly palette?: ReadonlyArray<readonly [red: number, green: number, blue: number]>
  /** Pixels as the file has them. */
  readonly data: Buffer
}

/** A BMP file; a negative height means that its first row is the upper one. */
export function bmpFile ({ width, height, bits, headerSize = 40, compression = 0, masks = [], palette = [], data }: BmpParts): Buffer {
  const header = Buffer.alloc(14 + headerSize + (headerSize === 40 ? masks.length * 4 : 0))
  header.write('BM', 'latin1')
  header.writeUInt32LE(headerSize, 14)
  if (headerSize === 12) {
    [width, height, 1, bits].forEach((value, i) => header.writeUInt16LE(value, 18 + 2 * i))
  } else {
    header.writeInt32LE(width, 18)
    header.writeInt32LE(height, 22)
    header.writeUInt16LE(1, 26)
    header.writeUInt16LE(bits, 28)
    header.writeUInt32LE(compression, 30)
    masks.forEach((mask, i) => header.writeUInt32LE(mask, 54 + 4 * i))
  }
  const colors = Buffer.from(palette.flatMap(([r, g, b]) => headerSize === 12 ? [b, g, r] : [b, g, r, 0]))
  header.writeUInt32LE(header.length + colors.length, 10)
  header.writeUInt32LE(header.length + colors.length + data.length, 2)
  return Buffer.concat([header, colors, data])
}

/** Rows of pixels, each filled up to a multiple of four bytes, the lowest row first. */
export function bmpRows (rows: readonly Buffer[]): Buffer {
  return Buffer.concat(rows.toReversed().flatMap(row => [row, Buffer.alloc(-row.length & 3)]))
}

/** A photo of 24 bits. @param rgb three bytes a pixel */
export function bmpOf (rgb: Buffer, { width, height }: Size): Buffer {
  const rows = Array.from({ length: height }, (_, y) => Buffer.from(rgb.subarray(y * width * 3, (y + 1) * width * 3)))
  for (const row of rows) for (let i = 0; i < row.length; i += 3) row.subarray(i, i + 3).reverse()
  return bmpFile({ width, height, bits: 24, data: bmpRows(rows) })
}
