/** The coded blocks: samples of all components. */
import { across, count, componentAt, down, height, interval, width } from './headers'
import { bitPosition, readBlock, startBits } from './huffman'
import { allocate } from './memory'
import { flatBlock, inverseTransform } from './transform'

const coefficients = memory.data(128, 16)
/** Where a coefficient is in a block, in bytes, by its place in the file. */
const zigzag = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10,
  24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12, 14, 28, 42, 56,
  70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102,
  116, 118, 104, 90, 76, 62, 78, 92, 106, 120, 122, 108, 94, 110, 124, 126
])

let unitsAcross = 0
let unitsDown = 0

export function makePlanes (): void {
  unitsAcross = (width + 8 * across - 1) / (8 * across)
  unitsDown = (height + 8 * down - 1) / (8 * down)
  for (let i = 0; i < count; i++) {
    const component = componentAt(i)
    component.stride = usize(8 * unitsAcross * (i === 0 ? across : 1))
    component.plane = allocate(i32(component.stride) * 8 * unitsDown * (i === 0 ? down : 1))
  }
}

/** Reads all blocks. */
export function readScan (start: usize, end: usize): bool {
  const units = unitsAcross * unitsDown
  const bytes = allocate(i32(end - start))
  let at = start
  let restart: u8 = 0
  for (let unit = 0; unit < units;) {
    const last = interval === 0 ? units : min(units, unit + interval)
    if (unit > 0) {
      if (at + 2 > end || load<u8>(at, 1) !== 0xd0 + restart) return false
      restart = (restart + 1) & 7
      at += 2
    }
    const size = copyBits(at, end, bytes)
    at = copied
    if (!readUnits(unit, last, bytes, size)) return false
    unit = last
  }
  return at + 2 <= end && load<u8>(at, 1) === 0xd9
}

/** The end of what copyBits has read: the next marker. */
let copied: usize = 0

/** Copies bytes up to a marker, without the zeros after 0xff. @returns their number */
function copyBits (start: usize, end: usize, to: usize): usize {
  const marks = i8x16.splat(-1)
  let at = start
  let target = to
  while (at + 1 < end) {
    const bytes = v128.load(at)
    v128.store(target, bytes)
    const mask = i8x16.bitmask(i8x16.eq(bytes, marks))
    if (mask === 0 && at + 16 <= end) { at += 16; target += 16; continue }
    const before: usize = mask === 0 ? end - at : min<usize>(ctz(mask), end - at)
    at += before
    target += before
    if (at + 1 >= end || load<u8>(at, 1) !== 0) break
    at += 2
    target++
  }
  copied = at
  for (let i: usize = 0; i < 16; i += 8) store<u64>(target + i, 0)
  return target - to
}

function readUnits (first: i32, last: i32, bytes: usize, size: usize): bool {
  startBits(bytes)
  for (let i = 0; i < count; i++) componentAt(i).previous = 0
  const end = i32(bytes + size) * 8
  for (let unit = first; unit < last; unit++) {
    const x = unit % unitsAcross
    const y = unit / unitsAcross
    for (let j = 0; j < down; j++) {
      for (let i = 0; i < across; i++) if (!readSamples(0, x * across + i, y * down + j)) return false
    }
    for (let i = 1; i < count; i++) if (!readSamples(i, x, y)) return false
    if (bitPosition() > end) return false
  }
  return end - bitPosition() < 8
}

/** Decodes a block of a component. */
function readSamples (index: i32, x: i32, y: i32): bool {
  const component = componentAt(index)
  const stride = component.stride
  const samples = component.plane + 8 * usize(y) * stride + 8 * x
  for (let i: usize = 0; i < 128; i += 16) v128.store(coefficients + i, i64x2.splat(0))
  const found = readBlock(coefficients, component.dc, component.ac, component.steps, zigzag, component.previous)
  if (found === i32.MIN_VALUE) return false
  component.previous = i32(i16(found))
  if (found >> 16 === 0) flatBlock(load<i16>(coefficients), samples, stride)
  else inverseTransform(coefficients, samples, stride)
  return true
}
