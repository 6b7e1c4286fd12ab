import type { Size } from '../../head/decode/boxes.ts'

interface RleImage extends Size { readonly bits: number }

/**
 * The palette indices of a run-length encoded BMP, a byte each, in the file's order of rows. What the file skips is 0.
 * Source: https://learn.microsoft.com/windows/win32/gdi/bitmap-compression
 * @param bits 4 or 8
 * @throws Error where the file ends before its last row does
 */
export function unpackRle (bytes: Uint8Array, { width, height, bits }: RleImage): Uint8Array {
  const indices = new Uint8Array(width * height)
  let [x, y, at] = [0, 0, 0]
  const put = (index: number) => {
    if (x < width && y < height) indices[y * width + x] = index
    x++
  }
  while (y < height) {
    if (at + 1 >= bytes.length) throw new Error('run-length encoded pixels that are cut short')
    const count = bytes[at++]!
    const value = bytes[at++]!
    if (count > 0) {
      for (let i = 0; i < count; i++) put(indexIn(value, i, bits))
    } else if (value === 0) {
      [x, y] = [0, y + 1]
    } else if (value === 1) {
      break
    } else if (value === 2) {
      x += bytes[at++] ?? 0
      y += bytes[at++] ?? 0
    } else {
      const perByte = 8 / bits
      for (let i = 0; i < value; i++) put(indexIn(bytes[at + Math.floor(i / perByte)] ?? 0, i, bits))
      at += Math.ceil(value / perByte / 2) * 2
    }
    if (x >= width && y === height - 1) break // some encoders leave out the end
  }
  return indices
}

function indexIn (byte: number, i: number, bits: number): number {
  return bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15
}
