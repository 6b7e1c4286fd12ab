import type { Size } from '../../head/decode/boxes.ts'

interface RleImage extends Size { readonly bits: number }

/**
 * The palette indices of a run-length encoded BMP, one byte each, in the file's row order. Skipped pixels are 0.
 * Source: https://learn.microsoft.com/windows/win32/gdi/bitmap-compression
 * @param bits 4 or 8
 * @throws Error if the file ends before its last row does
 */
export function unpackRle (bytes: Uint8Array, image: RleImage): Uint8Array {
  const unpacking = new Unpacking(bytes, image)
  while (!unpacking.isDone) unpacking.step()
  return unpacking.indices
}

class Unpacking {
  readonly indices: Uint8Array
  readonly #bytes: Uint8Array
  readonly #image: RleImage
  #at = 0
  #x = 0
  #y = 0
  #hasEnded = false

  constructor (bytes: Uint8Array, image: RleImage) {
    this.indices = new Uint8Array(image.width * image.height)
    this.#bytes = bytes
    this.#image = image
  }

  /** Some encoders omit the end marker. */
  get isDone (): boolean {
    const { width, height } = this.#image
    return this.#hasEnded || this.#y >= height || (this.#y === height - 1 && this.#x >= width)
  }

  step (): void {
    const count = this.#take()
    if (count === 0) return this.#escape(this.#take())
    const value = this.#take()
    const inside = Math.min(count, this.#image.width - this.#x)
    for (let i = 0; i < inside; i++) this.#put(value, i)
    this.#x += count - Math.max(0, inside)
  }

  #escape (code: number): void {
    switch (code) {
      case 0: return this.#moveTo(0, this.#y + 1)
      case 1: this.#hasEnded = true; return
      case 2: return this.#moveTo(this.#x + this.#take(), this.#y + this.#take())
      default: this.#literal(code)
    }
  }

  /** Literal values, padded to an even number of bytes. */
  #literal (count: number): void {
    const perByte = 8 / this.#image.bits
    const start = this.#at
    for (let i = 0, value = 0; i < count; i++) {
      if (i % perByte === 0) value = this.#take()
      this.#put(value, i)
    }
    this.#at += (this.#at - start) % 2
  }

  /** The byte itself, or alternately its upper and lower half. */
  #put (byte: number, i: number): void {
    const { width, height, bits } = this.#image
    const index = bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15
    if (this.#x < width && this.#y < height) this.indices[this.#y * width + this.#x] = index
    this.#x++
  }

  #moveTo (x: number, y: number): void {
    this.#x = x
    this.#y = y
  }

  #take (): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new Error('run-length encoded pixels that are cut short')
    return byte
  }
}
