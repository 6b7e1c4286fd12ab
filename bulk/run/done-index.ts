/** Which images have a line, without keeping the lines. */
import { hash } from 'node:crypto'

/** An image as a line states it. */
export interface Entry { readonly file: string, readonly stamp: string, readonly sha256: string }

/** A slot has eight 32-bit words: hashes of name, stamp and content (64 bits each), then the line's offset (48 bits) and flags (16). */
const WORDS = 8
const [STAMP, CONTENT, OFFSET, FLAGS] = [2, 4, 6, 7]
const CAN_CHANGE = 1 << 16
const TAKEN = 1 << 17
const HAS_LINE = 1 << 18
const FIRST_SLOTS = 1024
const MAX_LOAD = 0.75

/**
 * A hash table with open addressing: 43 to 85 bytes an image. Images are told apart by 64 bits of the SHA-256 of their names: two of a
 * million are confused with a probability of 3 in 100 million, two of ten million with 3 in a million. A changed image is taken for an
 * unchanged one once in 10^19.
 */
export class DoneIndex {
  #slots = FIRST_SLOTS
  #words = new Uint32Array(FIRST_SLOTS * WORDS)
  #size = 0

  /** Number of images. */
  get size (): number { return this.#size }

  /**
   * Records an image's line; the previous one is superseded.
   * @param canChange another try can end otherwise
   * @returns whether it had a line before
   */
  put ({ file, stamp, sha256 }: Entry, offset: number, canChange: boolean): boolean {
    const at = this.#at(file)
    const words = this.#words
    const hadLine = (words[at + FLAGS]! & HAS_LINE) !== 0
    words.set(hashOf(stamp), at + STAMP)
    words.set(hashOf(sha256), at + CONTENT)
    words[at + OFFSET] = offset % 2 ** 32
    const flags = (words[at + FLAGS]! & TAKEN) | HAS_LINE | (canChange ? CAN_CHANGE : 0)
    words[at + FLAGS] = flags + Math.floor(offset / 2 ** 32)
    return hadLine
  }

  /** Claims an image for this run. @returns false if it was claimed before: a source lists it twice */
  take (file: string): boolean {
    const at = this.#at(file)
    if (this.#has(at, TAKEN)) return false
    this.#words[at + FLAGS]! |= TAKEN
    return true
  }

  hasLine (file: string): boolean { return this.#has(this.#at(file), HAS_LINE) }

  /** Whether an image has a line with this stamp. @param retried lines that another try can change don't count */
  hasStamp (file: string, stamp: string, retried: boolean): boolean {
    const at = this.#at(file)
    return this.#counts(at, retried) && this.#equals(at + STAMP, hashOf(stamp))
  }

  /** Whether an image has a line for this content. @param retried lines that another try can change don't count */
  hasContent (file: string, sha256: string, retried: boolean): boolean {
    const at = this.#at(file)
    return this.#counts(at, retried) && this.#equals(at + CONTENT, hashOf(sha256))
  }

  /** Whether the line at an offset is the image's last. */
  isLast (file: string, offset: number): boolean { return this.hasLine(file) && this.offsetOf(file) === offset }

  /** Where the last line of an image begins, if it has one. */
  offsetOf (file: string): number {
    const at = this.#at(file)
    const high = this.#words[at + FLAGS]! & 0xffff
    return high * 2 ** 32 + this.#words[at + OFFSET]!
  }

  #counts (at: number, retried: boolean): boolean { return this.#has(at, HAS_LINE) && !(retried && this.#has(at, CAN_CHANGE)) }

  #has (at: number, flag: number): boolean { return (this.#words[at + FLAGS]! & flag) !== 0 }

  #equals (at: number, [a, b]: Uint32Array): boolean { return this.#words[at] === a && this.#words[at + 1] === b }

  /** The first word of an image's slot, which is added if it has none. */
  #at (file: string): number {
    const name = hashOf(file)
    const at = this.#find(name)
    if (this.#words[at]) return at
    if (this.#size >= MAX_LOAD * this.#slots) this.#grow()
    this.#size++
    const free = this.#find(name)
    this.#words.set(name, free)
    return free
  }

  #find (name: Uint32Array): number {
    let slot = name[1]! % this.#slots
    while (this.#words[slot * WORDS] && !this.#equals(slot * WORDS, name)) slot = (slot + 1) % this.#slots
    return slot * WORDS
  }

  #grow (): void {
    const old = this.#words
    this.#slots *= 2
    this.#words = new Uint32Array(this.#slots * WORDS)
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at]) this.#words.set(old.subarray(at, at + WORDS), this.#find(old.subarray(at, at + 2)))
    }
  }
}

/** 64 bits; the first word is not 0, which marks an empty slot. Names of files that are not UTF-8 differ in UTF-16 only. */
function hashOf (text: string): Uint32Array {
  const digest = hash('sha256', Buffer.from(text, 'utf16le'), 'buffer')
  return Uint32Array.of(digest.readUInt32LE(0) || 1, digest.readUInt32LE(4))
}
