import sharp, { type Metadata } from 'sharp'
import type { Size } from '../../head/decode/boxes.ts'
import { ImageError } from '../errors.ts'
import type { ImageFormat, ImageInfo } from '../results.ts'
import { sniffFormat } from './sniff.ts'

/** 8-bit sRGB pixels, row by row, three bytes each. */
export interface Pixels extends Size { readonly data: Uint8Array }

// libjpeg, libheif and libvips refuse gigantic sizes on their own account, before anyone can ask them for the size.
const SIZE_COMPLAINT = /maximum supported image dimension|security limit exceeded|pixel limit|out of memory/i
// Warnings (an odd colour profile, stray bytes between markers) are no reason to refuse a photo; sizes are checked by checkSize.
const SHARP_OPTIONS = { failOn: 'error', limitInputPixels: false, autoOrient: true } as const

sharp.cache(false)
sharp.concurrency(1) // images are decoded side by side already, one a worker

/** What the headers say, without decoding a pixel. Throws every code of ImageError. */
export async function readInfo (bytes: Uint8Array, maxPixels: number): Promise<ImageInfo> {
  const format = sniffFormat(bytes)
  const metadata = await asImageError(format, maxPixels, () => sharp(bytes, SHARP_OPTIONS).metadata())
  checkSize(metadata, maxPixels)
  return { ...metadata.autoOrient, format, orientation: metadata.orientation ?? 1, pages: metadata.pages ?? 1, space: metadata.space }
}

/**
 * The first page as upright 8-bit RGB; transparency is dropped, not blended, as cv2.imread does. Throws every code of ImageError.
 * @param options `ignoreIcc`: numbers as the file has them, and not as its colour profile means them. That is what cv2.imread gives, and so
 * what networks were trained on. CMYK means nothing without a profile, and always goes through it.
 */
export async function decodeImage (bytes: Uint8Array, maxPixels: number, { ignoreIcc = true } = {}): Promise<ImageInfo & Pixels> {
  const image = await readInfo(bytes, maxPixels)
  const data = await asImageError(image.format, maxPixels, () => sharp(bytes, { ...SHARP_OPTIONS, ignoreIcc: ignoreIcc && image.space !== 'cmyk' })
    .removeAlpha().toColourspace('srgb').raw().toBuffer())
  return { ...image, data }
}

/** How much of the shorter side the crop of a classifier takes: 224 of 256 pixels, as ImageNet's classifiers are scored. */
const CENTRE_SHARE = 224 / 256

/**
 * The middle of an image, upright, made `size` large: the shorter side is scaled to 256 / 224 of it, and the centre cut out, as torchvision
 * and timm do for ImageNet. Throws every code of ImageError.
 */
export async function decodeCentre (bytes: Uint8Array, maxPixels: number, size: Size): Promise<{ image: ImageInfo, pixels: Uint8Array }> {
  const image = await readInfo(bytes, maxPixels)
  const scale = Math.max(size.width / image.width, size.height / image.height) / CENTRE_SHARE
  const scaled = { width: Math.round(image.width * scale), height: Math.round(image.height * scale) }
  const left = Math.floor((scaled.width - size.width) / 2)
  const top = Math.floor((scaled.height - size.height) / 2)
  const pixels = await asImageError(image.format, maxPixels, () => sharp(bytes, { ...SHARP_OPTIONS, ignoreIcc: image.space !== 'cmyk' })
    .removeAlpha().toColourspace('srgb').resize({ ...scaled, fit: 'fill', kernel: 'linear' }).extract({ left, top, ...size }).raw().toBuffer())
  return { image, pixels }
}

/** A black picture, to run a network once before the first photo comes. */
export function blankImage ({ width, height }: Size): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background: 'black' } }).jpeg().toBuffer()
}

async function asImageError<T> (format: ImageFormat, maxPixels: number, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (cause) {
    const isTooLarge = SIZE_COMPLAINT.test(String(cause))
    throw new ImageError(isTooLarge ? { code: 'IMAGE_TOO_LARGE', maxPixels } : { code: 'CORRUPT_IMAGE', format }, { cause })
  }
}

function checkSize ({ width, height }: Metadata, maxPixels: number) {
  if (width * height <= maxPixels) return
  throw new ImageError({ code: 'IMAGE_TOO_LARGE', maxPixels, declared: { width, height } })
}
