/** A zip file whose entries are read in any order. */
import { isUtf8 } from 'node:buffer'
import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { fromRandomAccessReaderPromise, getFileNameLowLevel, RandomAccessReader, type Entry } from 'yauzl'
import { UnreadableError } from '../errors.ts'
import { toPath } from './file-name.ts'
import { checkSize } from './files.ts'

const inflate = promisify(inflateRaw)

const STORED = 0
const DEFLATED = 8
/** APPNOTE.TXT 4.4.5. */
const METHODS: Readonly<Record<number, string>> = { 9: 'Deflate64', 12: 'bzip2', 14: 'LZMA', 93: 'Zstandard', 95: 'XZ', 98: 'PPMd', 99: 'AES' }
/** Bits of an entry's flags. */
const ENCRYPTED = 1
const IS_UTF8 = 0x800
const LOCAL_HEADER = 0x04034b50
const LOCAL_HEADER_BYTES = 30
const DAMAGED = 'the zip file is damaged or cut short'

/** What the index keeps of an entry: about 170 bytes with a short name. */
type Indexed = Pick<Entry,
  'relativeOffsetOfLocalHeader' | 'compressedSize' | 'uncompressedSize' | 'compressionMethod' | 'crc32' | 'generalPurposeBitFlag'>

/** A zip file, and where its entries are. If it is replaced, the file that was opened is read further. */
export class ZipFile {
  readonly #file: FileHandle
  readonly #entries: ReadonlyMap<string, Indexed>

  private constructor (file: FileHandle, entries: ReadonlyMap<string, Indexed>) {
    this.#file = file
    this.#entries = entries
  }

  /** @throws Error if it can't be opened, or is not a zip file */
  static async open (path: string): Promise<ZipFile> {
    const file = await open(toPath(path))
    try {
      return new ZipFile(file, await readIndex(file))
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Names of all files in it, in their order. If it has two of one name, the last counts, as when it is extracted. */
  names (): Iterable<string> { return this.#entries.keys() }

  /** Size and CRC-32 of an entry; an empty text if it does not exist. */
  stamp (name: string): string {
    const entry = this.#entries.get(name)
    return entry ? `${entry.uncompressedSize}-${entry.crc32.toString(16).padStart(8, '0')}` : ''
  }

  /** @throws UnreadableError; what reading the file throws */
  async read (name: string): Promise<Uint8Array> {
    const entry = this.#entries.get(name)
    if (!entry) throw new UnreadableError('the zip file has no such entry')
    return await readEntry(this.#file, entry)
  }

  async close (): Promise<void> { await this.#file.close() }
}

async function readIndex (file: FileHandle): Promise<Map<string, Indexed>> {
  const { size } = await file.stat()
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false }
  const zip = await fromRandomAccessReaderPromise(new BlockReader(file), size, options)
  const entries = new Map<string, Indexed>()
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry)
    if (!name.endsWith('/')) entries.set(name, toIndexed(entry))
  }
  return entries
}

function toIndexed (entry: Entry): Indexed {
  const { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod, crc32, generalPurposeBitFlag } = entry
  return { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod, crc32, generalPurposeBitFlag }
}

/** Some programs write UTF-8 without the flag for it. */
function nameOf ({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const isFlagged = (generalPurposeBitFlag & IS_UTF8) !== 0
  if (!isFlagged && isUtf8(fileNameRaw) && fileNameRaw.some(byte => byte > 0x7f)) return fileNameRaw.toString()
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false)
}

async function readEntry (file: FileHandle, entry: Indexed): Promise<Uint8Array> {
  checkEntry(entry)
  const start = await dataStart(file, entry)
  const data = await readAt(file, start, entry.compressedSize)
  const bytes = entry.compressionMethod === STORED ? data : await decompress(data, entry)
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) {
    throw new UnreadableError('its checksum in the zip file is wrong: it is damaged')
  }
  return bytes
}

function checkEntry ({ generalPurposeBitFlag, compressionMethod: method, compressedSize, uncompressedSize }: Indexed): void {
  if ((generalPurposeBitFlag & ENCRYPTED) !== 0) throw new UnreadableError('is encrypted; extract it with its password first')
  if (method !== STORED && method !== DEFLATED) {
    throw new UnreadableError(`is compressed with ${METHODS[method] ?? `method ${method}`}; only Deflate is read`)
  }
  checkSize(Math.max(compressedSize, uncompressedSize))
}

async function dataStart (file: FileHandle, { relativeOffsetOfLocalHeader: offset }: Indexed): Promise<number> {
  const header = await readAt(file, offset, LOCAL_HEADER_BYTES)
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new UnreadableError(DAMAGED)
  return offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
}

/** Never more bytes than the entry declares. */
async function decompress (data: Buffer, { uncompressedSize }: Indexed): Promise<Buffer> {
  return await inflate(data, { maxOutputLength: Math.max(1, uncompressedSize) }).catch(error => {
    throw new UnreadableError('its data in the zip file are damaged', { cause: error })
  })
}

async function readAt (file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) throw new UnreadableError(DAMAGED)
    filled += bytesRead
  }
  return buffer
}

type Callback = (error: Error | null, bytes?: number) => void

/** Reads the list of entries in blocks: yauzl reads each entry in two pieces. */
class BlockReader extends RandomAccessReader {
  readonly #file: FileHandle
  #block = Buffer.alloc(0)
  #start = 0

  constructor (file: FileHandle) {
    super()
    this.#file = file
  }

  override read (buffer: Buffer, offset: number, length: number, position: number, callback: Callback): void {
    this.#fill(position, length).then(() => {
      const at = position - this.#start
      callback(null, this.#block.copy(buffer, offset, at, at + length))
    }, callback)
  }

  async #fill (position: number, length: number): Promise<void> {
    if (position >= this.#start && position + length <= this.#start + this.#block.length) return
    const block = Buffer.allocUnsafe(Math.max(length, 2 ** 16))
    const { bytesRead } = await this.#file.read(block, 0, block.length, position)
    this.#block = block.subarray(0, bytesRead)
    this.#start = position
  }
}
