/** Huffman codes, and the bits of a scan. */

/** Bits that a table looks up at once. */
const LOOK = 10
const LONGEST = 16
const MAX_SYMBOLS = 256
/** Parts of a code: the table; then, for each length, its largest code and the place of its symbols; then the symbols. */
const LARGEST = 4 << LOOK
const PLACES = LARGEST + 4 * (LONGEST + 1)
const SYMBOLS = PLACES + 4 * (LONGEST + 1)
export const CODE_BYTES = SYMBOLS + MAX_SYMBOLS
/** Marks an entry of the table without the number that follows the symbol. An entry of 0: the code is longer. */
const BARE: u32 = 0x80
const BLOCK = 64
/** Photos stay below 2048. From here on, decoders' sums overflow in different ways. */
const MAX_COEFFICIENT = 8191

/**
 * Builds the tables of a code from a DHT segment: the number of codes of each length, then their symbols.
 * @param largest the largest symbol allowed
 * @returns the end of the symbols; 0 if the segment is wrong
 */
export function buildCode (code: usize, segment: usize, end: usize, largest: u8): usize {
  memory.fill(code, 0, CODE_BYTES)
  if (segment + LONGEST > end) return 0
  let symbol = segment + LONGEST
  let next = 0
  let index = 0
  for (let length = 1; length <= LONGEST; length++, next <<= 1) {
    const count = i32(load<u8>(segment + length - 1))
    if (symbol + count > end || index + count > MAX_SYMBOLS || next + count >= 1 << length) return 0
    store<i32>(code + PLACES + 4 * length, index - next)
    for (let i = 0; i < count; i++, next++, index++, symbol++) {
      if (load<u8>(symbol) > largest) return 0
      store<u8>(code + SYMBOLS + index, load<u8>(symbol))
      if (length <= LOOK) fillTable(code, next, length, load<u8>(symbol))
    }
    store<i32>(code + LARGEST + 4 * length, next - 1)
  }
  return symbol
}

/** All entries that begin with a code of `length` bits: bits to skip, zeros before the number, and the number if it fits. */
function fillTable (code: usize, bits: i32, length: i32, symbol: u32): void {
  const spare = LOOK - length
  const size = i32(symbol & 15)
  for (let rest = 0; rest < 1 << spare; rest++) {
    const isWhole = size > 0 && size <= spare
    const number = isWhole ? signed(rest >> (spare - size), size) : 0
    const entry = isWhole ? u32(length + size) | symbol >> 4 << 8 | u32(number) << 16 : u32(length) | BARE | symbol << 8
    store<u32>(code + (((bits << spare) + rest) << 2), entry)
  }
}

function signed (bits: i32, size: i32): i32 {
  return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits
}

/** The unread bits, from the top, and their number. */
let buffer: u64 = 0
let available = 0
/** Of the bytes that follow them. */
let place: usize = 0

/** Starts at a byte; 8 bytes must follow the last. */
export function startBits (at: usize): void {
  buffer = 0
  available = 0
  place = at
}

/** Where the first unread bit is, in bits. */
export function bitPosition (): i32 { return i32(place) * 8 - available }

/** A symbol whose code is longer than LOOK bits, and its length in the upper half; -1 if there is none. */
function longSymbol (code: usize, window: u32): i32 {
  for (let length = LOOK + 1; length <= LONGEST; length++) {
    const bits = i32(window >> (32 - length))
    if (bits <= load<i32>(code + LARGEST + 4 * length)) {
      return load<u8>(code + SYMBOLS + ((bits + load<i32>(code + PLACES + 4 * length)) & (MAX_SYMBOLS - 1))) | length << 16
    }
  }
  return -1
}

/**
 * Reads a block's coefficients, and multiplies them by `steps`, which are in zigzag order.
 * @param coefficients 64 zeros (i16)
 * @param previous the constant coefficient of the previous block
 * @returns the constant coefficient without its factor, and in the upper half the index of the last other one; i32.MIN_VALUE if the data
 * is wrong
 */
export function readBlock (coefficients: usize, dc: usize, ac: usize, steps: usize, zigzag: usize, previous: i32): i32 {
  let bits = buffer
  let count = available
  let at = place
  let code = dc
  let value = previous
  let last = 0
  let extent = 0
  for (let k = 0; k < BLOCK; code = ac) {
    if (count < 32) {
      bits |= u64(bswap(load<u32>(at))) << (32 - count)
      at += 4
      count += 32
    }
    const entry = load<u32>(code + (usize(bits >> (64 - LOOK)) << 2))
    let number = i32(entry) >> 16
    let skipped = i32(entry & 31)
    let run = i32(entry >> 8 & 15)
    if (entry === 0 || (entry & BARE) !== 0) {
      const found = entry === 0 ? longSymbol(code, u32(bits >> 32)) : i32(entry >> 8 & 255) | skipped << 16
      if (found < 0) return i32.MIN_VALUE
      const size = found & 15
      const length = found >> 16
      run = found >> 4 & 15
      if (size === 0 && k > 0) {
        bits <<= length
        count -= length
        if (run < 15) break // the rest is zero
        k += 16
        continue
      }
      number = size === 0 ? 0 : signed(i32((bits << length) >> (64 - size)), size)
      skipped = length + size
    }
    bits <<= skipped
    count -= skipped
    if (k === 0) {
      if (run > 0) return i32.MIN_VALUE
      value += number
      number = value * load<u16>(steps)
      store<i16>(coefficients, i16(number))
      k = 1
    } else {
      k += run
      if (k >= BLOCK) return i32.MIN_VALUE
      number *= load<u16>(steps + (k << 1))
      store<i16>(coefficients + load<u8>(zigzag + k), i16(number))
      last = k++
    }
    extent |= number ^ (number >> 31)
  }
  buffer = bits
  available = count
  place = at
  if (extent > MAX_COEFFICIENT) return i32.MIN_VALUE
  return (value & 0xffff) | last << 16
}
