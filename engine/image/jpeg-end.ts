import { createHash } from 'node:crypto'

type Decode = (bytes: Uint8Array) => Promise<Uint8Array>

const SCAN = 0xda
const END = Buffer.of(0xff, 0xd9)
/** More than a decoder reads for one block of pixels; it drops an incomplete block. */
const NOISE = Buffer.alloc(4096, 0xa5)

/** Whether a JPEG ends in zeros without an end marker before them: decoders take the zeros for pixels. */
export function isFilledUp (bytes: Uint8Array): boolean {
  if (bytes.at(-1) !== 0) return false
  for (const { marker, end } of segments(bytes)) {
    if (marker === SCAN) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(END, end) < 0
  }
  return false
}

/**
 * Adds the end marker to a JPEG that is otherwise complete: some cameras omit it. If pixels are missing too, a decoder
 * fills them in silently; but then they depend on the bytes that follow.
 * @param decode all pixels of a JPEG
 * @throws Error if pixels are missing
 */
export async function withJpegEnd (bytes: Uint8Array, decode: Decode): Promise<Uint8Array> {
  const pixels = withoutFill(bytes)
  const ended = Buffer.concat([pixels, END])
  const hash = async (bytes: Uint8Array) => createHash('sha1').update(await decode(bytes)).digest('hex')
  const noisy = Buffer.concat([pixels, NOISE, restart(pixels), NOISE, END])
  const isWhole = hasAllScans(pixels) && await hash(ended) === await hash(noisy)
  if (!isWhole) throw new Error('premature end of JPEG: pixels are missing')
  return ended
}

/** The next restart marker, which a decoder may wait for. */
function restart (bytes: Uint8Array): Uint8Array {
  const scan = bytes.subarray([...segments(bytes)].findLast(({ marker }) => marker === SCAN)?.end)
  const last = scan.findLastIndex((byte, i) => byte >= 0xd0 && byte <= 0xd7 && scan[i - 1] === 0xff)
  return Buffer.of(0xff, last < 0 ? 0xd0 : 0xd0 + (scan[last]! + 1) % 8)
}

/** Without trailing zeros and half an end marker; a zero after 0xff belongs to the data. */
function withoutFill (bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (bytes[end - 1] === 0) end--
  if (bytes[end - 1] === 0xff) end += end < bytes.length ? 1 : -1
  return bytes.subarray(0, end)
}

const COEFFICIENTS = 64
/** Components of a picture. */
const MAX_COMPONENTS = 4

/** Whether scans cover every bit of every coefficient: a progressive JPEG that ends early is only blurred. */
function hasAllScans (bytes: Uint8Array): boolean {
  const complete = new Map<number, Set<number>>()
  for (const { marker, data } of segments(bytes)) {
    if (isFrame(marker)) for (const id of componentIds(data, 5, 3)) complete.set(id, new Set())
    if (marker !== SCAN) continue
    const [start, end, bits] = data.subarray(1 + 2 * data[0]!) as unknown as [number, number, number]
    if ((bits & 15) > 0) continue // a later scan has the lowest bits
    for (const id of componentIds(data, 0, 2)) for (let k = start; k <= end && k < COEFFICIENTS; k++) complete.get(id)?.add(k)
  }
  return complete.size > 0 && [...complete.values()].every(({ size }) => size === COEFFICIENTS)
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** The ids of the components that a frame's or a scan's header lists: first their number, then `step` bytes each. */
const componentIds = (header: Uint8Array, place: number, step: number): number[] =>
  Array.from({ length: Math.min(header[place] ?? 0, MAX_COMPONENTS) }, (_, i) => header[place + 1 + i * step]!)

/** 0xff00 is data, 0xffff fill, the rest are restarts, the start and the end. */
const hasLength = (marker: number): boolean => marker > 0 && marker < 0xff && !(marker >= 0xd0 && marker <= 0xd9)

interface Segment { readonly marker: number, readonly data: Uint8Array, readonly end: number }

/** More segments than photos have: the longest content, a color profile, takes several of 64 KB. */
const MAX_SEGMENTS = 4096

/** The first headers of a JPEG, each without its length, and their end; coded pixels are skipped. */
function * segments (bytes: Uint8Array): Generator<Segment> {
  let [at, count] = [2, 0]
  while (at + 4 <= bytes.length && count < MAX_SEGMENTS) {
    const marker = bytes[at + 1]!
    const length = bytes[at] === 0xff && hasLength(marker) ? bytes[at + 2]! << 8 | bytes[at + 3]! : 0
    if (length > 0) {
      count++
      yield { marker, data: bytes.subarray(at + 4, at + 2 + length), end: at + 2 + length }
    }
    const next = bytes.indexOf(0xff, at + Math.max(1, 2 + length))
    at = next < 0 ? bytes.length : next
  }
}
