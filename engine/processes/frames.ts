/**
 * Messages in a stream of bytes. A frame is a number of sections, their lengths (all uint32, little-endian), and the sections: the message
 * as structured clone, and the pieces of its body.
 */
import { deserialize, serialize } from 'node:v8'
import { lengthOf, type Bytes } from '../chunks.ts'
import type { Chunks } from '../results.ts'

const NUMBER = 4

/** A frame as bytes to write one after the other. The body is not copied. @param body its pieces: each arrives in one */
export function toFrame (message: unknown, body: readonly Bytes[] = []): Chunks {
  const sections = [serialize(message), ...body]
  const head = Buffer.allocUnsafe(NUMBER * (1 + sections.length))
  head.writeUInt32LE(sections.length)
  sections.forEach((section, i) => head.writeUInt32LE(lengthOf(section), NUMBER * (1 + i)))
  return [head, ...sections.flat()]
}

/** Reads frames from bytes as they arrive. */
export class FrameReader {
  readonly #onFrame: (message: unknown, body: Chunks) => void
  #count = new Section(NUMBER)
  #lengths: Section | undefined
  #sections: Section[] = []
  /** Number of complete sections. */
  #complete = 0

  /** @param onFrame called with each message and its body */
  constructor (onFrame: (message: unknown, body: Chunks) => void) {
    this.#onFrame = onFrame
  }

  /** Copies the bytes: they may be overwritten afterwards. @throws Error if they are no frames */
  push (bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length;) {
      const section = this.#sections[this.#complete] ?? this.#lengths ?? this.#count
      start += section.take(bytes, start)
      if (section.isFull) this.#next()
    }
  }

  #next (): void {
    if (!this.#lengths) {
      this.#lengths = new Section(NUMBER * this.#count.bytes.readUInt32LE())
      return
    }
    if (this.#sections.length === 0) this.#sections = sectionsOf(this.#lengths.bytes)
    else this.#complete++
    while (this.#sections[this.#complete]?.isFull) this.#complete++ // empty ones
    if (this.#complete === this.#sections.length) this.#finish()
  }

  #finish (): void {
    const [message, ...body] = this.#sections.map(({ bytes }) => bytes)
    this.#count = new Section(NUMBER)
    this.#lengths = undefined
    this.#sections = []
    this.#complete = 0
    this.#onFrame(deserialize(message!), body)
  }
}

const sectionsOf = (lengths: Buffer): Section[] =>
  Array.from({ length: lengths.length / NUMBER }, (_, i) => new Section(lengths.readUInt32LE(NUMBER * i)))

/** A known number of bytes. */
class Section {
  readonly #length: number
  #bytes: Buffer | undefined
  #filled = 0

  constructor (length: number) {
    this.#length = length
  }

  get isFull (): boolean { return this.#filled === this.#length }

  /** The bytes that have arrived; memory is allocated with the first. */
  get bytes (): Buffer {
    this.#bytes ??= Buffer.allocUnsafe(this.#length)
    return this.#bytes
  }

  /** @returns the number of bytes taken */
  take (source: Uint8Array, start: number): number {
    const count = Math.min(this.#length - this.#filled, source.length - start)
    this.bytes.set(count === source.length ? source : source.subarray(start, start + count), this.#filled)
    this.#filled += count
    return count
  }
}
