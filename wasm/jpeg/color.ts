/** Chroma at the size of the luma, and RGB, as libjpeg-turbo computes them. */

/**
 * A row of chroma at full width: each sample is three quarters of the nearest and a quarter of the next.
 * @param near the nearest row; @param far the next nearest, of a chroma of half height, or 0
 * @param sums room for count + 18 numbers of 16 bits
 * @param row 2 · count samples; up to 14 more are overwritten
 */
export function widen (near: usize, far: usize, count: i32, sums: usize, row: usize): void {
  const first = sums + 16
  for (let i = 0; i < count; i += 8) v128.store(first + 2 * i, sumOf(near + i, far === 0 ? 0 : far + i))
  store<u16>(first - 2, load<u16>(first))
  store<u16>(first + 2 * count, load<u16>(first + 2 * count - 2))
  const shift = far === 0 ? 2 : 4
  const even = i16x8.splat(far === 0 ? 1 : 8)
  const odd = i16x8.splat(far === 0 ? 2 : 7)
  for (let i = 0; i < count; i += 8, row += 16) {
    const at = first + 2 * i
    const main = i16x8.mul(v128.load(at), i16x8.splat(3))
    const left = i16x8.shr_u(i16x8.add(i16x8.add(main, v128.load(at - 2)), even), shift)
    const right = i16x8.shr_u(i16x8.add(i16x8.add(main, v128.load(at + 2)), odd), shift)
    v128.store(row, v128.or(left, i16x8.shl(right, 8)))
  }
}

function sumOf (near: usize, far: usize): v128 {
  const main = v128.load8x8_u(near)
  return far === 0 ? main : i16x8.add(i16x8.mul(main, i16x8.splat(3)), v128.load8x8_u(far))
}

/** Pairs of factors with 16 bits after the point, less whole parts that are added apart. */
const RED = i16x8(26345, 16384, 26345, 16384, 26345, 16384, 26345, 16384)
const BLUE = i16x8(-14942, 16384, -14942, 16384, -14942, 16384, -14942, 16384)
const GREEN = i16x8(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734)

/** `count` pixels of YCbCr as RGB; up to 45 bytes more are overwritten. */
export function toRgb (luma: usize, cb: usize, cr: usize, count: i32, rgb: usize): void {
  for (let i = 0; i < count; i += 16, rgb += 48) {
    const y = v128.load(luma + i)
    const blueness = v128.load(cb + i)
    const redness = v128.load(cr + i)
    const yLow = i16x8.extend_low_i8x16_u(y)
    const yHigh = i16x8.extend_high_i8x16_u(y)
    const bLow = offsetLow(blueness)
    const bHigh = offsetHigh(blueness)
    const rLow = offsetLow(redness)
    const rHigh = offsetHigh(redness)
    const r = i8x16.narrow_i16x8_u(redOf(yLow, rLow), redOf(yHigh, rHigh))
    const g = i8x16.narrow_i16x8_u(greenOf(yLow, bLow, rLow), greenOf(yHigh, bHigh, rHigh))
    const b = i8x16.narrow_i16x8_u(blueOf(yLow, bLow), blueOf(yHigh, bHigh))
    storeInterleaved(rgb, r, g, b)
  }
}

/** A row of a gray photo. */
export function grayToRgb (luma: usize, count: i32, rgb: usize): void {
  for (let i = 0; i < count; i += 16, rgb += 48) {
    const y = v128.load(luma + i)
    storeInterleaved(rgb, y, y, y)
  }
}

function offsetLow (v: v128): v128 { return i16x8.sub(i16x8.extend_low_i8x16_u(v), i16x8.splat(128)) }

function offsetHigh (v: v128): v128 { return i16x8.sub(i16x8.extend_high_i8x16_u(v), i16x8.splat(128)) }

function redOf (y: v128, cr: v128): v128 { return i16x8.add(i16x8.add(y, cr), scaled(cr, i16x8.splat(2), RED)) }

function blueOf (y: v128, cb: v128): v128 { return i16x8.add(i16x8.add(y, i16x8.shl(cb, 1)), scaled(cb, i16x8.splat(2), BLUE)) }

function greenOf (y: v128, cb: v128, cr: v128): v128 {
  const half = i32x4.splat(1 << 15)
  const low = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(pairsLow(cb, cr), GREEN), half), 16)
  const high = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(pairsHigh(cb, cr), GREEN), half), 16)
  return i16x8.sub(i16x8.add(y, i16x8.narrow_i32x4_s(low, high)), cr)
}

function scaled (a: v128, b: v128, factors: v128): v128 {
  const low = i32x4.shr_s(i32x4.dot_i16x8_s(pairsLow(a, b), factors), 16)
  const high = i32x4.shr_s(i32x4.dot_i16x8_s(pairsHigh(a, b), factors), 16)
  return i16x8.narrow_i32x4_s(low, high)
}

function pairsLow (a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11) }

function pairsHigh (a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15) }

function storeInterleaved (rgb: usize, r: v128, g: v128, b: v128): void {
  const rg0 = v128.shuffle<i8>(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5)
  const rg1 = v128.shuffle<i8>(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26)
  const rg2 = v128.shuffle<i8>(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0)
  v128.store(rgb, v128.shuffle<i8>(rg0, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15))
  v128.store(rgb, v128.shuffle<i8>(rg1, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15), 16)
  v128.store(rgb, v128.shuffle<i8>(rg2, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31), 32)
}
