import { ImageError } from '../errors.ts'
import type { ImageFormat } from '../results.ts'

const SIGNATURES: Record<ImageFormat, RegExp> = {
  jpeg: /^\xff\xd8\xff/,
  png: /^\x89PNG\r\n/,
  webp: /^RIFF.{4}WEBP/s,
  avif: /^.{4}ftyp(.{4}){0,12}avi[fs]/s,
  gif: /^GIF8[79]a/,
  tiff: /^(II[*+]\0|MM\0[*+])/
}

const REFUSED = [
  { signature: /^.{4}ftyp(.{4}){0,12}(hei[cxms]|hev[cx]|mif1|msf1)/s, found: 'a HEIC photo', instead: 'JPEG or AVIF' },
  { signature: /^(\xef\xbb\xbf)?\s*<(svg|[?!].*<svg)\b/is, found: 'an SVG drawing', instead: 'PNG' },
  { signature: /^%PDF-/, found: 'a PDF document', instead: 'a page of it as PNG' },
  { signature: /^BM.{4}\0{4}/s, found: 'a BMP image', instead: 'PNG' }
]

const HEAD_BYTES = 1024
/** The format of an image by its first bytes. Throws EMPTY_IMAGE or UNSUPPORTED_IMAGE. */
export function sniffFormat (bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new ImageError({ code: 'EMPTY_IMAGE' })
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1')
  const match = Object.entries(SIGNATURES).find(([, signature]) => signature.test(head))
  if (match) return match[0] as ImageFormat
  const { found, instead } = REFUSED.find(({ signature }) => signature.test(head)) ?? unknown(bytes)
  throw new ImageError({ code: 'UNSUPPORTED_IMAGE', found, instead })
}

/** Whether data begins as an image that can be decoded. */
export function isImage (bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1')
  return Object.values(SIGNATURES).some(signature => signature.test(head))
}

function unknown (bytes: Uint8Array) {
  const firstBytes = Buffer.from(bytes.subarray(0, 4)).toString('hex').replace(/..(?=.)/g, '$& ')
  return { found: `data that begins with ${firstBytes}`, instead: 'JPEG, PNG, WebP, AVIF, GIF or TIFF' }
}
