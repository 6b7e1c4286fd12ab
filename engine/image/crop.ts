import sharp from 'sharp'
import type { Box, Size } from '../../head/decode/boxes.ts'
import { decodeImage } from './decode.ts'

const JPEG_OPTIONS = { quality: 90 } as const

/**
 * Cuts boxes out of a photo, upright and in sRGB.
 * @param boxes in pixels of the upright photo; a pixel counts if the box covers part of it
 * @returns a JPEG file for each box
 * @throws ImageError if the image can't be decoded
 */
export async function cropBoxes (bytes: Uint8Array, boxes: readonly Box[], maxPixels: number): Promise<Buffer[]> {
  if (boxes.length === 0) return []
  const { data, width, height } = await decodeImage(bytes, maxPixels, { ignoreIcc: false })
  const crops: Buffer[] = []
  for (const box of boxes) { // one after the other: there may be many
    const photo = sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    crops.push(await photo.extract(areaOf(box, { width, height })).jpeg(JPEG_OPTIONS).toBuffer())
  }
  return crops
}

/** At least one pixel of the photo. */
function areaOf ([x1, y1, x2, y2]: Box, { width, height }: Size) {
  const left = clamp(Math.floor(x1), width - 1)
  const top = clamp(Math.floor(y1), height - 1)
  return { left, top, width: clamp(Math.ceil(x2), width, left + 1) - left, height: clamp(Math.ceil(y2), height, top + 1) - top }
}

const clamp = (value: number, max: number, min = 0): number => Math.min(max, Math.max(min, value))
