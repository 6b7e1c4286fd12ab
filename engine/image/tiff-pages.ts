/** Numbers by tag. */
export type TiffPage = ReadonlyMap<number, readonly number[]>

interface TiffPages { readonly pages: readonly TiffPage[], readonly nested: readonly TiffPage[] }

const SUB_IFDS = 330
/** Bytes per integer. */
type IntegerSize = 1 | 2 | 4 | 8
/** By tag type; other types are ignored. */
const SIZES: Record<number, IntegerSize> = { 1: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 18: 8 }
const MAX_VALUES = 16
const MAX_TAGS = 512
const MAX_PAGES = 64

/**
 * The first pages of a TIFF or BigTIFF, and their subpages (previews, or the originals of previews). Tags of many
 * values are omitted, as is everything outside the file.
 */
export function readTiffPages (bytes: Uint8Array): TiffPages {
  const file = new TiffFile(bytes)
  const pages: TiffPage[] = []
  let place = file.firstPage()
  while (place !== undefined && place !== 0 && pages.length < MAX_PAGES) {
    const { page, next } = file.page(place)
    if (page.size === 0) break
    pages.push(page)
    place = next
  }
  const nested = pages.flatMap(page => page.get(SUB_IFDS) ?? []).slice(0, MAX_PAGES).map(place => file.page(place).page)
  return { pages, nested }
}

/** Numbers at offsets in the file; undefined outside of it. */
class TiffFile {
  readonly #view: DataView
  readonly #isLittle: boolean
  readonly #isBig: boolean

  constructor (bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#isLittle = bytes[0] === 0x49
    this.#isBig = this.#number(2, 2) === 43
  }

  firstPage (): number | undefined {
    return this.#isBig ? this.#number(8, 8) : this.#number(4, 4)
  }

  /** The page at an offset, and the offset of the next. */
  page (place: number): { page: TiffPage, next: number | undefined } {
    const [countSize, tagSize, offsetSize] = this.#isBig ? [8, 20, 8] as const : [2, 12, 4] as const
    const count = Math.min(this.#number(place, countSize) ?? 0, MAX_TAGS)
    const page = new Map<number, number[]>()
    for (let i = 0; i < count; i++) {
      const at = place + countSize + i * tagSize
      const tag = this.#number(at, 2)
      const values = this.#values(at, offsetSize)
      if (tag !== undefined && values) page.set(tag, values)
    }
    return { page, next: this.#number(place + countSize + count * tagSize, offsetSize) }
  }

  #values (tagPlace: number, offsetSize: 4 | 8): number[] | undefined {
    const size = SIZES[this.#number(tagPlace + 2, 2) ?? 0]
    const count = this.#number(tagPlace + 4, offsetSize) ?? 0
    if (size === undefined || count < 1 || count > MAX_VALUES) return
    const inline = tagPlace + 4 + offsetSize
    const start = size * count <= offsetSize ? inline : this.#number(inline, offsetSize) ?? Infinity
    const values = Array.from({ length: count }, (_, i) => this.#number(start + i * size, size))
    return values.every(value => value !== undefined) ? values : undefined
  }

  #number (place: number, size: IntegerSize): number | undefined {
    if (place + size > this.#view.byteLength) return
    switch (size) {
      case 1: return this.#view.getUint8(place)
      case 2: return this.#view.getUint16(place, this.#isLittle)
      case 4: return this.#view.getUint32(place, this.#isLittle)
      case 8: return Number(this.#view.getBigUint64(place, this.#isLittle))
    }
  }
}
