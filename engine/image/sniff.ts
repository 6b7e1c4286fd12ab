/* eslint no-control-regex: off -- files begin with control characters */
import { ImageError } from '../errors.ts'
import type { ImageFormat } from '../results.ts'

const SIGNATURES: Record<ImageFormat, RegExp> = {
  jpeg: /^\xff\xd8\xff/,
  png: /^\x89PNG\r\n\x1a\n(?!.{4}CgBI)/s,
  webp: /^RIFF.{4}WEBP/s,
  avif: /^.{4}ftyp(.{4}){0,12}avi[fs]/s,
  gif: /^GIF8[79]a/,
  tiff: /^(II[*+]\0|MM\0[*+])(?!.{4}CR)/s,
  bmp: /^BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/s
}

interface Refused { readonly signature: RegExp, readonly found: string, readonly instead: string }

const BYTES = 'its bytes unchanged'
const FRAME = 'a frame of it as JPEG'
const PICTURE = 'the image itself'
const DECODED = 'the decoded bytes, or the text as "image" in JSON'
const CONVERTED = 'JPEG or PNG'

/** What people and programs send by mistake. The first match counts. */
const REFUSED: readonly Refused[] = [
  // Other image formats
  { signature: /^.{4}ftyp(.{4}){0,12}(hei[cxms]|hev[cx]|mif1|msf1)/s, found: 'a HEIC photo', instead: 'JPEG or AVIF' },
  { signature: /^(\xef\xbb\xbf)?\s*<(svg|[?!].*<svg)\b/is, found: 'an SVG drawing', instead: 'PNG' },
  { signature: /^%PDF-/, found: 'a PDF document', instead: 'a page of it as PNG' },
  { signature: /^%!PS|^\xc5\xd0\xd3\xc6/, found: 'a PostScript document', instead: 'a page of it as PNG' },
  { signature: /^\xff\x0a|^\0\0\0\x0cJXL \r\n\x87\n/, found: 'a JPEG XL image', instead: CONVERTED },
  { signature: /^\0\0\0\x0cjP {2}\r\n\x87\n|^\xff\x4f\xff\x51/, found: 'a JPEG 2000 image', instead: CONVERTED },
  { signature: /^\x89PNG\r\n\x1a\n.{4}CgBI/s, found: 'a PNG optimized for iOS', instead: 'the original PNG' },
  { signature: /^P[1-7]\s/, found: 'a PNM image (PBM, PGM or PPM)', instead: 'PNG' },
  { signature: /^\0\0[\x01\x02]\0[^\0]\0/, found: 'an ICO icon', instead: 'PNG' },
  { signature: /^8BPS\0/, found: 'a Photoshop document', instead: CONVERTED },
  { signature: /^v\/1\x01/, found: 'an OpenEXR image', instead: CONVERTED },
  { signature: /^#\?(RADIANCE|RGBE)/, found: 'a Radiance HDR image', instead: CONVERTED },
  { signature: /^qoif/, found: 'a QOI image', instead: 'PNG' },
  { signature: /^DDS /, found: 'a DDS texture', instead: 'PNG' },
  { signature: /^SIMPLE {2}=/, found: 'a FITS image', instead: 'PNG' },
  { signature: /^.{128}DICM/s, found: 'a DICOM image', instead: 'PNG' },
  {
    signature: /^II\*\0.{4}CR|^.{4}ftypcrx|^II.{4}HEAPCCDR|^FUJIFILMCCD-RAW|^(IIR[OS]|MMOR)|^IIU\0|^FOVb|^\0MRM/s,
    found: 'a RAW camera file',
    instead: 'the JPEG of the same photo'
  },
  // Videos
  { signature: /^.{4}(ftyp|moov|mdat|wide|free|skip|styp|moof)/s, found: 'an MP4 or QuickTime video', instead: FRAME },
  { signature: /^\x1a\x45\xdf\xa3/, found: 'a Matroska or WebM video', instead: FRAME },
  { signature: /^RIFF.{4}AVI /s, found: 'an AVI video', instead: FRAME },
  {
    signature: /^G.{187}G|^\0\0\x01[\xba\xb3]|^\0\0\0?\x01[\x67\x27\x40\x42]/s,
    found: 'an MPEG video stream',
    instead: FRAME
  },
  // Containers
  { signature: /^PK\x03\x04.{26}[^\0]{1,200}?\.npy/s, found: 'a NumPy archive (npz)', instead: 'the array as PNG' },
  { signature: /^\x93NUMPY/, found: 'a NumPy array (npy)', instead: 'it as PNG' },
  { signature: /^PK[\x03\x05]/, found: 'a ZIP archive', instead: 'the image inside it' },
  { signature: /^\x1f\x8b|^\x28\xb5\x2f\xfd/, found: 'compressed data (gzip or Zstandard)', instead: 'it uncompressed' },
  { signature: /^7z\xbc\xaf|^Rar!|^BZh[1-9]|^\xfd7zXZ/, found: 'a compressed archive', instead: 'the image inside it' },
  // Images that were converted to text
  { signature: /^\x89PNG/, found: 'a PNG whose line ends were changed', instead: `${BYTES} (curl: --data-binary)` },
  { signature: /^\xef\xbf\xbd(PNG|\xef\xbf\xbd)/, found: 'an image that was converted to text', instead: BYTES },
  { signature: /^\s*data:image\/[\w.+-]+[;,]/i, found: 'a data URL', instead: DECODED },
  // Text
  {
    signature: /^(\r\n)?--[^\r\n]{1,200}\r?\ncontent-(disposition|type|length|transfer-encoding):/i,
    found: 'a form without its Content-Type',
    instead: 'it as multipart/form-data with its boundary'
  },
  { signature: /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|title|script)\b/i, found: 'an HTML page', instead: PICTURE },
  { signature: /^(\xef\xbb\xbf)?\s*<\?xml\b/i, found: 'an XML document', instead: PICTURE },
  {
    signature: /^(\xef\xbb\xbf)?\s*(\{\s*["}]|\[\s*[{["\d\]])/,
    found: 'JSON text',
    instead: 'an image, or a JSON object with "image"'
  },
  { signature: /^\s*(https?|rtsp|file):\/\//i, found: 'a URL', instead: 'the image that it names' }
]

const SUPPORTED = 'JPEG, PNG, WebP, AVIF, GIF, TIFF or BMP'
/** Bytes from the start that tell what an image is. */
export const HEAD_BYTES = 1024
const MIN_BASE64 = 16
const BASE64 = new RegExp(`^["'\\s]*([A-Za-z0-9+/_-]{${MIN_BASE64},})`)
/** UTF-8 without control characters; its last character may be cut. */
const TEXT = /^(?:[\t\n\f\r\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3})+[\xc2-\xf4]?$/

/** The format of an image by its first bytes. Throws EMPTY_IMAGE, or UNSUPPORTED_IMAGE naming the format. */
export function sniffFormat (bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new ImageError({ code: 'EMPTY_IMAGE' })
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1')
  const format = formatOf(head)
  if (format) return format
  const { found, instead } = REFUSED.find(({ signature }) => signature.test(head)) ?? encodedImage(head) ?? unknown(head)
  throw new ImageError({ code: 'UNSUPPORTED_IMAGE', found, instead })
}

/** Whether data starts like an image that can be decoded. */
export function isImage (bytes: Uint8Array): boolean {
  return formatOf(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1')) !== undefined
}

function formatOf (head: string): ImageFormat | undefined {
  return Object.entries(SIGNATURES).find(([, signature]) => signature.test(head))?.[0] as ImageFormat | undefined
}

function encodedImage (head: string) {
  const format = formatOf(Buffer.from(BASE64.exec(head)?.[1] ?? '', 'base64').toString('latin1'))
  return format && { found: `base64 text of a ${format.toUpperCase()} image`, instead: DECODED }
}

function unknown (head: string) {
  if (TEXT.test(head)) return { found: 'plain text', instead: SUPPORTED }
  const firstBytes = Buffer.from(head.slice(0, 4), 'latin1').toString('hex').replace(/..(?=.)/g, '$& ')
  return { found: `data that begins with ${firstBytes}`, instead: SUPPORTED }
}
