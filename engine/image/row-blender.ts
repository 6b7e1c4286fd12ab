import type { Size } from '../../head/decode/boxes.ts'
import type { Pixels } from './decode.ts'
import { loadKernel } from './kernels.ts'

/** The two pixels around a position along one axis and their weights; 0 for a pixel outside the photo. */
export interface Neighbors {
  readonly before: number
  readonly after: number
  readonly beforeShare: number
  readonly afterShare: number
}

/** wasm/warp.ts */
interface Kernel {
  blendRow (target: number, above: number, below: number, columns: number, count: number, aboveShare: number, belowShare: number): void
}

const PAGE = 65_536
/** Enough for photos 100,000 pixels wide. Larger memory is replaced at the next photo, so it doesn't stay for good. */
const KEPT_BYTES = 1 << 20
/** Of a column's record in the kernel's table. */
const COLUMN = 24
const PIXEL = 3

const newKernel = loadKernel<Kernel>('warp')

/**
 * Blends pairs of a photo's rows, in WebAssembly. Its memory holds two rows of the photo, one of the result, and a table of columns;
 * all but the table is valid until the next call.
 */
export class RowBlender {
  #kernel = newKernel()
  #heap = new Uint8Array()
  #layout = layoutOf(0, 0)
  #count = 0
  /** The rows of the photo that the memory holds, by the last bit of their number. */
  readonly #held: [number, number] = [-1, -1]

  /** @param columns the photo's neighbors of each column of the result */
  start ({ width }: Size, columns: readonly Neighbors[]): void {
    this.#count = columns.length
    this.#layout = layoutOf(columns.length, width)
    this.#held.fill(-1)
    this.#makeRoom()
    this.#writeTable(columns)
  }

  /** A row of the result: a view, valid until the next call. `source` is the photo of the last start. */
  blend (source: Pixels, { before, after, beforeShare, afterShare }: Neighbors): Uint8Array {
    const { target } = this.#layout
    this.#kernel.blendRow(target, this.#placeOf(before, source), this.#placeOf(after, source), 0, this.#count, beforeShare, afterShare)
    return this.#heap.subarray(target, target + this.#count * PIXEL)
  }

  /** Size of the memory. */
  get bytes (): number { return this.#heap.length }

  #makeRoom (): void {
    const { end } = this.#layout
    const size = this.#heap.length
    if (end <= size && size <= KEPT_BYTES) return
    this.#kernel = newKernel()
    this.#kernel.memory.grow(Math.ceil(end / PAGE))
    this.#heap = new Uint8Array(this.#kernel.memory.buffer)
  }

  #writeTable (columns: readonly Neighbors[]): void {
    const view = new DataView(this.#heap.buffer)
    for (const [x, { before, after, beforeShare, afterShare }] of columns.entries()) {
      view.setUint32(x * COLUMN, before * PIXEL, true)
      view.setUint32(x * COLUMN + 4, after * PIXEL, true)
      view.setFloat64(x * COLUMN + 8, beforeShare, true)
      view.setFloat64(x * COLUMN + 16, afterShare, true)
    }
  }

  /** Where a row of the photo is in the memory; consecutive rows don't overwrite each other. */
  #placeOf (row: number, { width, data }: Pixels): number {
    const slot = (row & 1) as 0 | 1
    const place = this.#layout.rows[slot]
    if (this.#held[slot] !== row) {
      const stride = width * PIXEL
      this.#heap.set(data.subarray(row * stride, (row + 1) * stride), place)
      this.#held[slot] = row
    }
    return place
  }
}

/** Places in the memory. The kernel reads and writes one byte past the rows. */
function layoutOf (columns: number, sourceWidth: number) {
  const target = columns * COLUMN
  const first = target + columns * PIXEL + 1
  const second = first + sourceWidth * PIXEL + 1
  return { target, rows: [first, second] as const, end: second + sourceWidth * PIXEL + 1 }
}
