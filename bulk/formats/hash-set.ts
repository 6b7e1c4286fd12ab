import { createHash } from 'node:crypto'

const SMALLEST = 1024
/** Share of places in use before the table doubles. */
const FULL = 2 / 3

/**
 * A set of texts in 12 to 24 bytes each, however long they are: of 64 bits of their SHA-1. Two of ten million texts are the same with a
 * probability of 3 in a million.
 */
export class HashSet {
  /** Two words a text, in the first free place from its hash on; a place of zeros is free. */
  #words = new Uint32Array(2 * SMALLEST)
  #size = 0

  get size (): number {
    return this.#size
  }

  has (text: string): boolean {
    const [high, low] = hashOf(text)
    return this.#words[placeOf(this.#words, high, low)] !== 0
  }

  /** @returns whether it was not there before */
  add (text: string): boolean {
    const [high, low] = hashOf(text)
    if (!put(this.#words, high, low)) return false
    this.#size += 1
    if (this.#size > FULL * this.#words.length / 2) this.#grow()
    return true
  }

  #grow (): void {
    const words = new Uint32Array(2 * this.#words.length)
    for (let i = 0; i < this.#words.length; i += 2) {
      if (this.#words[i] !== 0) put(words, this.#words[i]!, this.#words[i + 1]!)
    }
    this.#words = words
  }
}

/** The first word is not 0. Names of files that are not UTF-8 differ in UTF-16 only. */
function hashOf (text: string): [high: number, low: number] {
  const bytes = createHash('sha1').update(text, 'utf16le').digest()
  return [bytes.readUInt32LE(0) || 1, bytes.readUInt32LE(4)]
}

/** The index of a hash's words, or of those where it would be put. */
function placeOf (words: Uint32Array, high: number, low: number): number {
  const last = words.length - 1
  let place = 2 * low & last
  while (words[place] !== 0 && (words[place] !== high || words[place + 1] !== low)) place = place + 2 & last
  return place
}

/** @returns whether it was not there */
function put (words: Uint32Array, high: number, low: number): boolean {
  const place = placeOf(words, high, low)
  if (words[place] !== 0) return false
  words[place] = high
  words[place + 1] = low
  return true
}
