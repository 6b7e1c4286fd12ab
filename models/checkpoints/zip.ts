/** Single files of a ZIP archive. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
import { inflateRawSync } from 'node:zlib'

/** Signatures and sizes of an archive's records. */
const END = { signature: 0x06054b50, size: 22 }
const END_64 = { signature: 0x06064b50, locator: 0x07064b50, locatorSize: 20 }
const ENTRY = { signature: 0x02014b50, size: 46 }
const LOCAL = { signature: 0x04034b50, size: 30 }
const LONGEST_COMMENT = 0xffff
const IN_EXTRA = 0xffffffff
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = -1

/** An archive may unpack to this many times its size, and to so many bytes beyond. */
const MAX_RATIO = 4
const MORE = 2 ** 26

interface Entry { readonly method: number, readonly offset: number, readonly packed: number, readonly size: number }

/** An archive that can't be read. */
export class ZipError extends Error {
  override name = 'ZipError'
}

/** An archive in memory. Files are unpacked on request; uncompressed ones are not copied. */
export class ZipArchive {
  readonly #file: Buffer
  readonly #entries: ReadonlyMap<string, Entry>
  /** Bytes that may still be unpacked. */
  #budget: number

  /** @throws ZipError if the directory is damaged or cut off */
  constructor (file: Buffer) {
    this.#file = file
    this.#entries = checked(() => directoryOf(file))
    this.#budget = MAX_RATIO * file.length + MORE
  }

  names (): string[] { return [...this.#entries.keys()] }

  /**
   * The contents of a file; undefined if the archive has none of this name.
   * @throws ZipError if the file is damaged, or the archive unpacks to far more than its own size
   */
  read (name: string): Buffer | undefined {
    const entry = this.#entries.get(name)
    return entry && checked(() => this.#unpack(name, entry))
  }

  #unpack (name: string, { method, offset, packed, size }: Entry): Buffer {
    if (this.#file.readUInt32LE(offset) !== LOCAL.signature) throw new ZipError(`${name} is not at its place`)
    const start = offset + LOCAL.size + this.#file.readUInt16LE(offset + 26) + this.#file.readUInt16LE(offset + 28)
    const bytes = this.#file.subarray(start, start + packed)
    if (bytes.length < packed) throw new ZipError(`${name} is cut off`)
    if (method === STORED) return bytes
    if (method === ENCRYPTED) throw new ZipError(`${name} is encrypted`)
    if (method !== DEFLATED) throw new ZipError(`${name} is compressed by the unknown method ${method}`)
    return this.#inflate(bytes, size)
  }

  #inflate (bytes: Buffer, size: number): Buffer {
    this.#budget -= size
    if (this.#budget < 0) throw new ZipError('it unpacks to far more than its own size')
    const inflated = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) })
    if (inflated.length !== size) throw new ZipError('a file in it is cut off')
    return inflated
  }
}

/** Any read beyond the end of the file, and any error of zlib, is damage. */
function checked<T> (read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof ZipError ? error : new ZipError('it is damaged or cut off', { cause: error })
  }
}

/** The entries of the central directory. Of several with one name, the last counts, as in Python. */
function directoryOf (file: Buffer): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  let { at, count } = placeOf(file)
  for (; count > 0; count--) {
    if (file.readUInt32LE(at) !== ENTRY.signature) throw new ZipError('its directory is damaged')
    const [name, extra, comment] = [28, 30, 32].map(place => file.readUInt16LE(at + place)) as [number, number, number]
    const end = at + ENTRY.size + name
    entries.set(file.toString('utf8', at + ENTRY.size, end), entryAt(file, at, file.subarray(end, end + extra)))
    at = end + extra + comment
  }
  return entries
}

/** The place of the directory and the number of its entries. */
function placeOf (file: Buffer): { at: number, count: number } {
  const from = Math.max(0, file.length - END.size - LONGEST_COMMENT)
  const end = from + file.subarray(from).lastIndexOf(signatureOf(END.signature))
  if (file.readUInt32LE(end) !== END.signature) throw new ZipError('its directory is missing, so the file is cut off')
  const locator = end - END_64.locatorSize
  if (locator < 0 || file.readUInt32LE(locator) !== END_64.locator) {
    return { at: file.readUInt32LE(end + 16), count: file.readUInt16LE(end + 10) }
  }
  const wide = Number(file.readBigUInt64LE(locator + 8))
  if (file.readUInt32LE(wide) !== END_64.signature) throw new ZipError('its directory is damaged')
  return { at: Number(file.readBigUInt64LE(wide + 48)), count: Number(file.readBigUInt64LE(wide + 32)) }
}

function signatureOf (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Numbers that don't fit into 32 bits are in the extra field with the id 1, in this order. */
function entryAt (file: Buffer, at: number, extra: Buffer): Entry {
  const isEncrypted = file.readUInt16LE(at + 8) & 1
  const wide = wideNumbers(extra)
  const [size, packed, offset] = [24, 20, 42].map(place => {
    const value = file.readUInt32LE(at + place)
    return value === IN_EXTRA ? wide.shift() ?? value : value
  }) as [number, number, number]
  return { method: isEncrypted ? ENCRYPTED : file.readUInt16LE(at + 10), size, packed, offset }
}

function wideNumbers (extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const length = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) !== 1) continue
    return Array.from({ length: length >> 3 }, (_, i) => Number(extra.readBigUInt64LE(at + 4 + 8 * i)))
  }
  return []
}
