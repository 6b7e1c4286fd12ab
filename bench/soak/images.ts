import sharp from 'sharp'
import type { Images } from '../../cli/load/mix.ts'
import { readPhotos } from '../../cli/load/photos.ts'

const START_OF_FRAME = Buffer.of(0xff, 0xc0)

/**
 * The photos of a folder, or those that ship with the weights' npm package, and faulty bodies made of them.
 * @throws CommandError naming what is missing
 */
export async function readImages (folder?: string): Promise<Images> {
  const photo = (await readPhotos(folder)).map(({ bytes }) => bytes)
  const truncated = photo.map(bytes => bytes.subarray(0, bytes.length / 2))
  return { photo, garbage: [Buffer.alloc(50_000, 'not an image ')], truncated, huge: [await hugePng(), await hugeJpeg()] }
}

/** 256 megapixels in 750 KB. */
const hugePng = (): Promise<Buffer> =>
  sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: 'black' } }).png({ compressionLevel: 9 }).toBuffer()

/** A small JPEG whose header declares 65535×65535. */
async function hugeJpeg (): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'black' } }).jpeg().toBuffer()
  return Buffer.from(bytes.fill(0xff, ...sizeField(bytes)))
}

function sizeField (jpeg: Buffer): [start: number, end: number] {
  const start = jpeg.indexOf(START_OF_FRAME) + 5
  return [start, start + 4]
}
