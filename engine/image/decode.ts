import sharp, { type Metadata, type OutputInfo, type Sharp, type SharpOptions } from 'sharp'
import type { Size } from '../../head/decode/boxes.ts'
import { ImageError } from '../errors.ts'
import type { ImageFormat, ImageInfo } from '../results.ts'
import { decodeBmp, readBmpHeader } from './bmp.ts'
import { decodeBaseline } from './jpeg-decoder.ts'
import { isFilledUp, withJpegEnd } from './jpeg-end.ts'
import { readJpegHeader } from './jpeg-header.ts'
import { sniffFormat } from './sniff.ts'
import { tiffPage } from './tiff.ts'

/** 8-bit sRGB pixels, row by row, three bytes each. */
export interface Pixels extends Size { readonly data: Uint8Array }

// libjpeg, libheif and libvips refuse gigantic sizes themselves, before the size can be read.
const SIZE_COMPLAINT = /maximum supported image dimension|security limit exceeded|pixel limit|out of memory/i
// Warnings (an odd color profile, stray bytes between markers) are not a reason to refuse a photo; checkSize checks sizes.
const SHARP_OPTIONS = { failOn: 'error', limitInputPixels: false, autoOrient: true } as const
const LACKS_END = /premature end of JPEG/

sharp.cache(false)
sharp.concurrency(1) // images are already decoded in parallel, one per worker

/** Reads the headers without decoding a pixel. Throws every code of ImageError. */
export async function readInfo (bytes: Uint8Array, maxPixels: number): Promise<ImageInfo> {
  const format = sniffFormat(bytes)
  const info = await asImageError(format, maxPixels, () => format === 'bmp' ? bmpInfo(bytes) : fileInfo(bytes, format))
  checkSize(info, maxPixels)
  return info
}

async function bmpInfo (bytes: Uint8Array): Promise<ImageInfo> {
  const { width, height } = readBmpHeader(bytes)
  return { width, height, format: 'bmp', orientation: 1, pages: 1, space: 'srgb' }
}

async function fileInfo (bytes: Uint8Array, format: ImageFormat): Promise<ImageInfo> {
  const ordinary = format === 'jpeg' ? readJpegHeader(bytes) : undefined
  if (ordinary) return ordinary
  const { autoOrient, orientation = 1, pages = 1, space }: Metadata = await open(bytes, format).metadata()
  return { ...autoOrient, format, orientation, pages, space }
}

/** A lazy sharp pipeline; only a BMP is already decoded. */
function open (bytes: Uint8Array, format: ImageFormat, options: SharpOptions = {}): Sharp {
  if (format === 'bmp') {
    const { data, ...size } = decodeBmp(bytes)
    return sharp(data, { raw: { ...size, channels: 3 }, limitInputPixels: false })
  }
  return sharp(bytes, { ...SHARP_OPTIONS, ...options, ...(format === 'tiff' && { page: tiffPage(bytes) }) })
}

/**
 * The first page as upright 8-bit RGB; transparency is dropped, not blended, as cv2.imread does. Throws every code of ImageError.
 * @param options `ignoreIcc`: values as stored, ignoring the color profile. cv2.imread does so, and therefore
 * networks were trained on such values. CMYK is meaningless without a profile, so it is always converted.
 */
export async function decodeImage (bytes: Uint8Array, maxPixels: number, { ignoreIcc = true } = {}): Promise<ImageInfo & Pixels> {
  const image = await readInfo(bytes, maxPixels)
  const ordinary = ignoreIcc && image.orientation === 1 && readJpegHeader(bytes) ? decodeBaseline(bytes, image) : undefined
  if (ordinary) return { ...image, data: ordinary }
  const { data, info: { width, height } } = await decodePixels(bytes, image, { maxPixels, ignoreIcc })
  return { ...image, width, height, data }
}

/** Share of the shorter side in the crop of a classifier: 224 of 256 pixels, as ImageNet's classifiers are scored. */
const CENTRE_SHARE = 224 / 256

/**
 * Center crop of an upright image at `size`: the shorter side is scaled to 256 / 224 of it, and the center cropped, as torchvision
 * and timm do for ImageNet. Throws every code of ImageError.
 */
export async function decodeCentre (bytes: Uint8Array, maxPixels: number, size: Size): Promise<{ image: ImageInfo, pixels: Uint8Array }> {
  const image = await readInfo(bytes, maxPixels)
  const scaled = scaledForCrop(image, size)
  const left = Math.floor((scaled.width - size.width) / 2)
  const top = Math.floor((scaled.height - size.height) / 2)
  const crop = (upright: Sharp) => upright.resize({ ...scaled, fit: 'fill', kernel: 'linear' }).extract({ left, top, ...size })
  const { data } = await decodePixels(bytes, image, { maxPixels, ignoreIcc: true }, crop)
  return { image, pixels: data }
}

/**
 * The whole upright image for crops at `size`: as `decodeCentre` scales it, or as it is if that would enlarge it. Throws every code of
 * ImageError.
 */
export async function decodeForCrops (bytes: Uint8Array, maxPixels: number, size: Size): Promise<Pixels> {
  const image = await readInfo(bytes, maxPixels)
  const scaled = scaledForCrop(image, size)
  if (scaled.width >= image.width) return await decodeImage(bytes, maxPixels)
  const shrink = (upright: Sharp) => upright.resize({ ...scaled, fit: 'fill', kernel: 'linear' })
  const { data } = await decodePixels(bytes, image, { maxPixels, ignoreIcc: true }, shrink)
  return { ...scaled, data }
}

/** The size to which an image is scaled before its center is cropped. */
export function scaledForCrop (image: Size, crop: Size): Size {
  const scale = Math.max(crop.width / image.width, crop.height / image.height) / CENTRE_SHARE
  return { width: Math.round(image.width * scale), height: Math.round(image.height * scale) }
}

/** A black picture, for warm-up runs. */
export function blankImage ({ width, height }: Size): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background: 'black' } }).jpeg().toBuffer()
}

type Edit = (upright: Sharp) => Sharp
interface Decoded { readonly data: Uint8Array, readonly info: OutputInfo }
type Decode = (bytes: Uint8Array, edit: Edit) => Promise<Decoded>
interface DecodePixelsOptions { readonly maxPixels: number, readonly ignoreIcc: boolean }

function decodePixels (
  bytes: Uint8Array, image: ImageInfo, { maxPixels, ignoreIcc }: DecodePixelsOptions, edit: Edit = upright => upright
): Promise<Decoded> {
  const { width, height, format, space } = image
  const options = {
    ignoreIcc: ignoreIcc && space !== 'cmyk',
    ...(format === 'jpeg' && { limitInputPixels: width * height }) // in case libjpeg finds another frame than readJpegHeader
  }
  const decode: Decode = (bytes, edit) =>
    edit(open(bytes, format, options).removeAlpha().toColourspace('srgb')).raw().toBuffer({ resolveWithObject: true })
  return asImageError(format, maxPixels, () => format === 'jpeg' ? decodeJpeg(bytes, decode, edit) : decode(bytes, edit))
}

async function decodeJpeg (bytes: Uint8Array, decode: Decode, edit: Edit): Promise<Decoded> {
  try {
    if (!isFilledUp(bytes)) return await decode(bytes, edit)
  } catch (error) {
    if (!LACKS_END.test(String(error))) throw error
  }
  const whole = await withJpegEnd(bytes, async bytes => (await decode(bytes, upright => upright)).data)
  return await decode(whole, edit)
}

async function asImageError<T> (format: ImageFormat, maxPixels: number, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (cause) {
    if (cause instanceof ImageError) throw cause
    const isTooLarge = SIZE_COMPLAINT.test(String(cause))
    throw new ImageError(isTooLarge ? { code: 'IMAGE_TOO_LARGE', maxPixels } : { code: 'CORRUPT_IMAGE', format }, { cause })
  }
}

function checkSize ({ width, height }: Size, maxPixels: number) {
  if (width * height <= maxPixels) return
  throw new ImageError({ code: 'IMAGE_TOO_LARGE', maxPixels, declared: { width, height } })
}
