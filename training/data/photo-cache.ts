import { readFile } from 'node:fs/promises'
import { decodeImage, type Pixels } from '../../engine/image/decode.ts'
import type { Decode } from '../objective.ts'

/** Photos of more pixels are refused. */
export const MAX_PHOTO_PIXELS = 100_000_000

/** Reads and decodes photos. Keeps the last used ones within a number of bytes. */
export class PhotoCache {
  readonly #limit: number
  /** The last used one is last. */
  readonly #kept = new Map<string, Pixels>()
  #bytes = 0

  /** @param limit in bytes of pixels */
  constructor (limit: number) { this.#limit = limit }

  /** Bytes of the photos that it keeps. */
  get bytes (): number { return this.#bytes }

  /** @throws ImageError if it can't be decoded, or the file system's error */
  async read (path: string, decode: Decode = decodeImage): Promise<Pixels> {
    const known = this.#kept.get(path)
    this.#drop(path)
    const photo = known ?? await decode(await readFile(path), MAX_PHOTO_PIXELS)
    this.#keep(path, photo)
    return photo
  }

  #keep (path: string, photo: Pixels): void {
    this.#drop(path) // decoded twice at the same time
    if (photo.data.length > this.#limit) return
    this.#kept.set(path, photo)
    this.#bytes += photo.data.length
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limit) break
      this.#drop(oldest)
    }
  }

  #drop (path: string): void {
    this.#bytes -= this.#kept.get(path)?.data.length ?? 0
    this.#kept.delete(path)
  }
}
