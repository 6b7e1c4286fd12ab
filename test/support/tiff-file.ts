export interface TiffParts {
  /** Integers by tag, in words of 16 bits where they fit in. */
  readonly tags: Readonly<Record<number, readonly number[]>>
  readonly strips?: readonly Buffer[]
  /** Pages below this one. */
  readonly nested?: readonly TiffParts[]
}

/** A page of 16 by 8 pixels, uncompressed: photometric interpretation 1 (gray) and 8 bits where the tags do not say otherwise. */
export function tiffPart (data: Buffer | readonly Buffer[], tags: TiffParts['tags'] = {}, nested: readonly TiffParts[] = []): TiffParts {
  const bits = Array<number>(tags[277]?.[0] ?? 1).fill(8)
  const basics = { 256: [16], 257: [8], 258: bits, 259: [1], 262: [1], 277: [1], 278: [tags[257]?.[0] ?? 8] }
  return { tags: { ...basics, ...tags }, strips: Buffer.isBuffer(data) ? [data] : data as Buffer[], nested }
}

/** A TIFF file of these pages, or a BigTIFF; little-endian unless `isBigEndian`. */
export function tiffFile (pages: readonly TiffParts[], { isBigEndian = false, isBigTiff = false } = {}): Buffer {
  return new Writer(isBigEndian, isBigTiff).file(pages)
}

class Writer {
  readonly #isBigEndian: boolean
  readonly #isBigTiff: boolean
  readonly #pieces: Buffer[] = []
  #length = 0

  constructor (isBigEndian: boolean, isBigTiff: boolean) {
    this.#isBigEndian = isBigEndian
    this.#isBigTiff = isBigTiff
  }

  file (pages: readonly TiffParts[]): Buffer {
    const order = Buffer.from(this.#isBigEndian ? 'MM' : 'II')
    const head = this.#isBigTiff ? [this.#number(43, 2), this.#number(8, 2), this.#number(0, 2)] : [this.#number(42, 2)]
    this.#add(Buffer.concat([order, ...head, this.#number(0, this.#offsetSize)]))
    let link = this.#length - this.#offsetSize
    for (const page of pages) {
      const place = this.#page(page)
      this.#patch(link, this.#number(place, this.#offsetSize))
      link = this.#length - this.#offsetSize
    }
    return Buffer.concat(this.#pieces)
  }

  get #offsetSize (): 4 | 8 { return this.#isBigTiff ? 8 : 4 }

  #page ({ tags, strips = [], nested = [] }: TiffParts): number {
    const all = {
      ...tags,
      ...(strips.length > 0 && { 273: strips.map(strip => this.#add(strip)), 279: strips.map(({ length }) => length) }),
      ...(nested.length > 0 && { 330: nested.map(page => this.#page(page)) })
    }
    const entries = Object.entries(all).map(([tag, values]) => this.#entry(Number(tag), values))
    return this.#add(Buffer.concat([this.#number(entries.length, this.#isBigTiff ? 8 : 2), ...entries, this.#number(0, this.#offsetSize)]))
  }

  #entry (tag: number, values: readonly number[]): Buffer {
    const size = Math.max(...values) > 0xffff ? 4 : 2
    const data = Buffer.concat(values.map(value => this.#number(value, size)))
    const inline = data.length <= this.#offsetSize ? data : this.#number(this.#add(data), this.#offsetSize)
    const head = [this.#number(tag, 2), this.#number(size === 4 ? 4 : 3, 2), this.#number(values.length, this.#offsetSize)]
    return Buffer.concat([...head, inline, Buffer.alloc(this.#offsetSize - inline.length)])
  }

  #add (bytes: Buffer): number {
    const place = this.#length
    const padded = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)])
    this.#pieces.push(padded)
    this.#length += padded.length
    return place
  }

  #patch (place: number, bytes: Buffer): void {
    const whole = Buffer.concat(this.#pieces)
    bytes.copy(whole, place)
    this.#pieces.splice(0, this.#pieces.length, whole)
  }

  #number (value: number, size: 2 | 4 | 8): Buffer {
    const bytes = Buffer.alloc(size)
    if (size === 8) this.#isBigEndian ? bytes.writeBigUInt64BE(BigInt(value)) : bytes.writeBigUInt64LE(BigInt(value))
    else this.#isBigEndian ? bytes.writeUIntBE(value, 0, size) : bytes.writeUIntLE(value, 0, size)
    return bytes
  }
}
