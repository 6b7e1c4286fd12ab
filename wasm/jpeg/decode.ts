/**
 * Decodes baseline JPEGs to RGB, with the pixels of libjpeg-turbo: accurate inverse DCT, smooth chroma. Anything unusual or wrong is left
 * to libjpeg-turbo: a result is a result of all blocks.
 */
import { grayToRgb, toRgb, widen } from './color'
import { across, componentAt, count, down, height, readHeaders, width } from './headers'
import { allocate, freeAll } from './memory'
import { makePlanes, readScan } from './scan'

/** @returns where the file's bytes belong */
export function reserve (length: i32): usize {
  freeAll()
  return allocate(length)
}

/** @returns where the pixels are; 0 if the photo has another size, or is left to libjpeg-turbo */
export function decode (file: usize, length: i32, expectedWidth: i32, expectedHeight: i32): usize {
  const end = file + length
  const scan = readHeaders(file + 2, end)
  if (scan === 0 || width !== expectedWidth || height !== expectedHeight) return 0
  makePlanes()
  return readScan(scan, end) ? paint() : 0
}

/** RGB of all planes. */
function paint (): usize {
  const pixels = allocate(width * height * 3)
  const sums = allocate(2 * width + 64)
  const blue = allocate(width + 64)
  const red = allocate(width + 64)
  for (let y = 0; y < height; y++) {
    const luma = componentAt(0).plane + usize(y) * componentAt(0).stride
    const rgb = pixels + usize(y) * width * 3
    if (count === 1) { grayToRgb(luma, width, rgb); continue }
    toRgb(luma, chromaRow(1, y, sums, blue), chromaRow(2, y, sums, red), width, rgb)
  }
  return pixels
}

/** A row of chroma at full size. */
function chromaRow (component: i32, y: i32, sums: usize, row: usize): usize {
  const stride = componentAt(component).stride
  const plane = componentAt(component).plane
  if (across === 1) return plane + usize(y) * stride
  const near = y / down
  const lastRow = (height + down - 1) / down - 1
  const far = max(0, min(lastRow, y % 2 === 0 ? near - 1 : near + 1))
  widen(plane + usize(near) * stride, down === 1 ? 0 : plane + usize(far) * stride, (width + 1) / 2, sums, row)
  return row
}
