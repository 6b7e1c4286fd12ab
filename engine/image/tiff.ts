import { ImageError } from '../errors.ts'
import { readTiffPages, type TiffPage } from './tiff-pages.ts'

/** Tags of pages. Source: https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf */
const [SUBFILE_TYPE, OLD_SUBFILE_TYPE, BITS, COMPRESSION, PHOTOMETRIC] = [254, 255, 258, 259, 262]
const [SAMPLES, INK_SET, SAMPLE_FORMAT, DNG_VERSION] = [277, 332, 339, 50706]

const [GRAY_INVERTED, GRAY, RGB, PALETTE, SEPARATED, YCBCR] = [0, 1, 2, 3, 5, 6]
const SENSOR_DATA = [32803, 34892] // color filter array, linear raw
const JPEG = 7
const PREVIEW_OR_MASK = 0b101
const OLD_PREVIEW = 2
const CMYK = 1
const UNSIGNED = [1, 4] // unsigned integers, or undefined

/**
 * Finds the main page: the first that is not a preview or a mask of another.
 * @returns its index; 0 if the file is damaged, which the decoder will detect
 * @throws ImageError UNSUPPORTED_IMAGE for a camera's RAW file, and for colors that would come out wrong
 */
export function tiffPage (bytes: Uint8Array): number {
  const { pages, nested } = readTiffPages(bytes)
  if (pages.length === 0) return 0
  if ([...pages, ...nested].some(isRaw)) throw unsupported('a RAW camera file', 'the JPEG of the same photo')
  const index = pages.findIndex(page => !isPreviewOrMask(page))
  if (index < 0) throw unsupported('a TIFF that has only a preview on its pages', 'the photo as JPEG or PNG')
  const objection = objectionTo(pages[index]!)
  if (objection) throw unsupported(`a TIFF ${objection}`, 'JPEG or PNG')
  return index
}

const first = (page: TiffPage, tag: number, otherwise: number): number => page.get(tag)?.[0] ?? otherwise

const isPreviewOrMask = (page: TiffPage): boolean =>
  (first(page, SUBFILE_TYPE, 0) & PREVIEW_OR_MASK) > 0 || first(page, OLD_SUBFILE_TYPE, 1) === OLD_PREVIEW

const isRaw = (page: TiffPage): boolean => page.has(DNG_VERSION) || SENSOR_DATA.includes(first(page, PHOTOMETRIC, GRAY))

/** Features of a page whose pixels libvips would misread. */
function objectionTo (page: TiffPage): string | undefined {
  const format = page.get(SAMPLE_FORMAT) ?? [1]
  if (format.includes(3)) return 'of floating-point values'
  if (!format.every(value => UNSIGNED.includes(value))) return 'of signed values'
  if (first(page, BITS, 1) > 16) return `of ${first(page, BITS, 1)}-bit values`
  return colorObjection(page)
}

function colorObjection (page: TiffPage): string | undefined {
  const samples = first(page, SAMPLES, 1)
  switch (first(page, PHOTOMETRIC, GRAY)) {
    case GRAY_INVERTED:
    case GRAY: return samples > 2 ? `of ${samples} gray bands` : undefined
    case RGB: return samples < 3 ? `of ${samples} colors` : undefined
    case PALETTE: return samples > 1 ? 'of several palettes' : undefined
    case SEPARATED: return samples < 4 || first(page, INK_SET, CMYK) !== CMYK ? 'of inks that are not CMYK' : undefined
    case YCBCR: return first(page, COMPRESSION, 1) !== JPEG ? 'of YCbCr colors without JPEG compression' : undefined
    default: return 'in a color space that is not gray, RGB or CMYK'
  }
}

function unsupported (found: string, instead: string): ImageError {
  return new ImageError({ code: 'UNSUPPORTED_IMAGE', found, instead })
}
