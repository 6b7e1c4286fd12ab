import type { Size } from '../../head/decode/boxes.ts'
import type { ImageInfo } from '../results.ts'
import { readTiffPages } from './tiff-pages.ts'

const [BASELINE, PROGRESSIVE, SCAN] = [0xc0, 0xc2, 0xda]
const [APP1, APP2] = [0xe1, 0xe2]
/** Tables, restart intervals and comments: not needed. */
const SKIPPED = [0xc4, 0xdb, 0xdd, 0xfe]
/** More than photos have: a color profile takes several. */
const MAX_HEADERS = 1024
const EXIF = 'Exif\0\0'
const TIFF = /^(II\*\0|MM\0\*)/
const PROFILE = 'ICC_PROFILE\0'
const ORIENTATION = 274
const SPACES: Readonly<Record<number, string>> = { 1: 'b-w', 3: 'srgb' }

interface Frame extends Size { readonly space: string }
interface Found { frame?: Frame | undefined, exif?: Uint8Array }

/**
 * Reads the headers of an ordinary JPEG, with the result of sharp's `metadata`, which takes ten times as long.
 * @returns undefined if anything is unusual: bytes between headers, several frames, CMYK, a gain map, a wrong orientation …
 */
export function readJpegHeader (bytes: Uint8Array): ImageInfo | undefined {
  const found: Found = {}
  for (let at = 2, count = 0; bytes[at] === 0xff && count < MAX_HEADERS; count++) {
    const marker = bytes[at + 1]!
    if (marker === SCAN) return infoOf(found)
    const length = bytes[at + 2]! << 8 | bytes[at + 3]!
    if (length < 2 || !isUsual(marker, bytes.subarray(at + 4, at + 2 + length), found)) return undefined
    at += 2 + length
  }
  return undefined
}

/** Notes what a header says. */
function isUsual (marker: number, content: Uint8Array, found: Found): boolean {
  switch (marker) {
    case BASELINE:
    case PROGRESSIVE: return found.frame === undefined && (found.frame = frameOf(content)) !== undefined
    case APP1: return !startsWith(content, 'Exif') || (found.exif === undefined && (found.exif = content).length > 0)
    case APP2: return startsWith(content, PROFILE) // others are gain maps and further pictures
    default: return SKIPPED.includes(marker) || (marker >= 0xe0 && marker <= 0xef)
  }
}

/** Source: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.2.2 */
function frameOf (content: Uint8Array): Frame | undefined {
  const [bits, heightUpper, heightLower, widthUpper, widthLower, components] = content as unknown as number[]
  const [width, height] = [widthUpper! << 8 | widthLower!, heightUpper! << 8 | heightLower!]
  const space = SPACES[components!]
  return bits === 8 && width > 0 && height > 0 && space !== undefined ? { width, height, space } : undefined
}

function infoOf ({ frame, exif }: Found): ImageInfo | undefined {
  const orientation = exif ? orientationOf(exif) : 1
  if (!frame || orientation === undefined) return undefined
  const { width, height, space } = frame
  const isTurned = orientation > 4
  return { width: isTurned ? height : width, height: isTurned ? width : height, format: 'jpeg', orientation, pages: 1, space }
}

function orientationOf (exif: Uint8Array): number | undefined {
  const tiff = exif.subarray(EXIF.length)
  if (!startsWith(exif, EXIF) || !TIFF.test(latin1(tiff, 4))) return undefined
  const [orientation, ...others] = readTiffPages(tiff).pages[0]?.get(ORIENTATION) ?? [1]
  return orientation! >= 1 && orientation! <= 8 && others.length === 0 ? orientation : undefined
}

const startsWith = (bytes: Uint8Array, text: string): boolean => latin1(bytes, text.length) === text

const latin1 = (bytes: Uint8Array, length: number): string => Buffer.from(bytes.subarray(0, length)).toString('latin1')
