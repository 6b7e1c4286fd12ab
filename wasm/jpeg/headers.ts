/** The headers of a JPEG, up to the coded blocks. */
import { buildCode, CODE_BYTES } from './huffman'

const COMPONENTS = 3
/** More than any photo has: building them takes time. */
const MAX_CODES = 32
/** Bits of the difference between two constant coefficients. */
const MAX_DC_SYMBOL: u8 = 15
/** The first four letters, from the last. */
const JFIF: u32 = 0x4649464a
const ADOBE: u32 = 0x626f6441

@unmanaged
export class Component {
  id: i32 = 0
  /** Its quantization table and its codes. */
  steps: usize = 0
  dc: usize = 0
  ac: usize = 0
  plane: usize = 0
  /** Width of the plane. */
  stride: usize = 0
  /** The constant coefficient of the previous block. */
  previous: i32 = 0
}

const components = memory.data(COMPONENTS * 32)
const steps = memory.data(4 * 128)
const codes = memory.data(8 * CODE_BYTES)

export let width = 0
export let height = 0
export let count = 0
/** Blocks of luma in a unit of coded blocks, across and down. */
export let across = 1
export let down = 1
/** Units between restarts; 0: none. */
export let interval = 0
/** The tables that the file has: a bit each for four of quantization, four DC codes, four AC codes. */
let tables = 0
let built = 0
let hasJfif = false
/** How Adobe's programs say that they store colors; -1 if they don't. */
let adobe = -1

export function componentAt (index: i32): Component { return changetype<Component>(components + 32 * usize(index)) }

/** @returns the beginning of the coded blocks; 0 if a header is wrong or unusual */
export function readHeaders (start: usize, end: usize): usize {
  width = interval = tables = built = 0
  hasJfif = false
  adobe = -1
  for (let at = start; at + 4 <= end && load<u8>(at) === 0xff;) {
    const marker = load<u8>(at, 1)
    const content = at + 4
    at += 2 + word(at + 2)
    if (at > end || at < content) return 0
    if (marker === 0xda) return readScanHeader(content, at) && isReady() ? at : 0
    if (!readHeader(marker, content, at)) return 0
  }
  return 0
}

function word (at: usize): i32 { return load<u8>(at) << 8 | load<u8>(at, 1) }

function readHeader (marker: u8, content: usize, end: usize): bool {
  switch (marker) {
    case 0xc0: return readFrame(content, end)
    case 0xc4: return readCodes(content, end)
    case 0xdb: return readSteps(content, end)
    case 0xdd: interval = word(content); return end - content === 2
    case 0xe0: hasJfif = hasJfif || (end - content >= 14 && load<u32>(content) === JFIF); return true
    case 0xee: if (end - content >= 12 && load<u32>(content) === ADOBE) adobe = load<u8>(content, 11); return true
    default: return marker >= 0xe1
  }
}

function readSteps (start: usize, end: usize): bool {
  let at = start
  for (; at < end; at += 65) {
    const id = load<u8>(at)
    if (id > 3 || at + 65 > end) return false
    for (let k = 0; k < 64; k++) store<u16>(steps + usize(id) * 128 + 2 * k, load<u8>(at + 1 + k))
    tables |= 1 << id
  }
  return at === end
}

function readCodes (start: usize, end: usize): bool {
  let at = start
  while (at < end) {
    const id = load<u8>(at)
    if ((id & 0xef) > 3 || ++built > MAX_CODES) return false
    const code = codeAt(id >> 4, id & 15)
    at = buildCode(code, at + 1, end, id < 16 ? MAX_DC_SYMBOL : 255)
    if (at === 0) return false
    tables |= 16 << (id & 3) + (id >> 4) * 4
  }
  return at === end
}

function codeAt (kind: u8, id: u8): usize { return codes + (usize(kind) * 4 + id) * CODE_BYTES }

function readFrame (at: usize, end: usize): bool {
  count = load<u8>(at, 5)
  if (width > 0 || load<u8>(at) !== 8 || (count !== 1 && count !== 3) || end - at !== 6 + 3 * count) return false
  height = word(at + 1)
  width = word(at + 3)
  for (let i = 0; i < count; i++) {
    const component = at + 6 + 3 * i
    componentAt(i).id = load<u8>(component)
    const sampling = load<u8>(component, 1)
    if (i === 0) {
      if (!isSampling(sampling >> 4) || !isSampling(sampling & 15)) return false
      across = count === 1 ? 1 : sampling >> 4
      down = count === 1 ? 1 : sampling & 15
    } else if (sampling !== 0x11) return false
    const table = load<u8>(component, 2)
    if (table > 3) return false
    componentAt(i).steps = steps + usize(table) * 128
    if (!(tables & 1 << table)) return false
  }
  return across * down === 1 || (across === 2 && down <= 2)
}

function isSampling (factor: i32): bool { return factor >= 1 && factor <= 4 }

function readScanHeader (at: usize, end: usize): bool {
  if (width === 0 || i32(load<u8>(at)) !== count || end - at !== 4 + 2 * count) return false
  for (let i = 0; i < count; i++) {
    const table = load<u8>(at + 2 + 2 * i)
    if (i32(load<u8>(at + 1 + 2 * i)) !== componentAt(i).id || (table & 0xcc) !== 0) return false
    componentAt(i).dc = codeAt(0, table >> 4)
    componentAt(i).ac = codeAt(1, table & 15)
    if (!(tables & 16 << (table >> 4)) || !(tables & 256 << (table & 15))) return false
  }
  const rest = at + 1 + 2 * count
  return load<u8>(rest) === 0 && load<u8>(rest, 1) === 63 && load<u8>(rest, 2) === 0
}

/** Whether the colors are certain, and wide enough for smooth chroma. */
function isReady (): bool {
  return height > 0 && (count === 1 || isYcc()) && (across === 1 || width > 4)
}

/** Not RGB, which Adobe's programs and the ids of components announce. */
function isYcc (): bool {
  if (hasJfif || adobe >= 0) return hasJfif || adobe === 1
  return componentAt(0).id !== 82 || componentAt(1).id !== 71 || componentAt(2).id !== 66
}
