/** The inverse DCT of libjpeg-turbo in its 16-bit form, which gives the same bytes. */

/** Pairs of factors of two inputs, with 13 bits after the point. Source: Loeffler, Ligtenberg and Moschytz, 1989 */
const X2_X6_A = i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433)
const X2_X6_B = i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704)
const SUMS_A = i16x8(-6436, 9633, -6436, 9633, -6436, 9633, -6436, 9633)
const SUMS_B = i16x8(9633, 6437, 9633, 6437, 9633, 6437, 9633, 6437)
const X7_X1_A = i16x8(-4927, -7373, -4927, -7373, -4927, -7373, -4927, -7373)
const X7_X1_B = i16x8(-7373, 4926, -7373, 4926, -7373, 4926, -7373, 4926)
const X5_X3_A = i16x8(-4176, -20995, -4176, -20995, -4176, -20995, -4176, -20995)
const X5_X3_B = i16x8(-20995, 4177, -20995, 4177, -20995, 4177, -20995, 4177)
const POINT = 13
const VECTOR = 16
const BLOCK_BYTES = 128

const half = memory.data(BLOCK_BYTES, 16)

/**
 * 8×8 samples of 64 coefficients (i16, row by row).
 * @param stride from one row of samples to the next
 */
export function inverseTransform (coefficients: usize, samples: usize, stride: usize): void {
  transform(coefficients, half, 11)
  transpose(half)
  transform(half, coefficients, 18)
  storeTransposed(coefficients, samples, stride)
}

/** The same, if all coefficients but the first are zero. */
export function flatBlock (constant: i32, samples: usize, stride: usize): void {
  const level = i32(i16(constant)) << 2
  const row = i8x16.splat(i8(max(-128, min(127, (level + 16) >> 5)) + 128))
  for (let y: usize = 0; y < 8; y++) v128.store64_lane(samples + y * stride, row, 0)
}

/** Transforms eight columns. */
function transform (from: usize, to: usize, shift: i32): void {
  const round = i32x4.splat(1 << (shift - 1))
  const x0 = v128.load(from)
  const x1 = v128.load(from, 16)
  const x2 = v128.load(from, 32)
  const x3 = v128.load(from, 48)
  const x4 = v128.load(from, 64)
  const x5 = v128.load(from, 80)
  const x6 = v128.load(from, 96)
  const x7 = v128.load(from, 112)
  const sum = i16x8.add(x0, x4)
  const difference = i16x8.sub(x0, x4)
  const z3 = i16x8.add(x3, x7)
  const z4 = i16x8.add(x1, x5)
  const sumLow = i32x4.extend_low_i16x8_s(sum)
  const sumHigh = i32x4.extend_high_i16x8_s(sum)
  const differenceLow = i32x4.extend_low_i16x8_s(difference)
  const differenceHigh = i32x4.extend_high_i16x8_s(difference)
  halfOf(to, shift, round, sumLow, differenceLow, lower(x2, x6), lower(z3, z4), lower(x7, x1), lower(x5, x3))
  halfOf(to + 8, shift, round, sumHigh, differenceHigh, upper(x2, x6), upper(z3, z4), upper(x7, x1), upper(x5, x3))
}

/** Four columns: the even part, the odd part, and their sums. */
function halfOf (to: usize, shift: i32, round: v128, sum: v128, difference: v128, x2x6: v128, sums: v128, x7x1: v128, x5x3: v128): void {
  const a = i32x4.add(i32x4.shl(sum, POINT), round)
  const b = i32x4.add(i32x4.shl(difference, POINT), round)
  const even3 = i32x4.dot_i16x8_s(x2x6, X2_X6_A)
  const even2 = i32x4.dot_i16x8_s(x2x6, X2_X6_B)
  const z3 = i32x4.dot_i16x8_s(sums, SUMS_A)
  const z4 = i32x4.dot_i16x8_s(sums, SUMS_B)
  storePair(to, 0, 112, shift, i32x4.add(a, even3), i32x4.add(i32x4.dot_i16x8_s(x7x1, X7_X1_B), z4))
  storePair(to, 16, 96, shift, i32x4.add(b, even2), i32x4.add(i32x4.dot_i16x8_s(x5x3, X5_X3_B), z3))
  storePair(to, 32, 80, shift, i32x4.sub(b, even2), i32x4.add(i32x4.dot_i16x8_s(x5x3, X5_X3_A), z4))
  storePair(to, 48, 64, shift, i32x4.sub(a, even3), i32x4.add(i32x4.dot_i16x8_s(x7x1, X7_X1_A), z3))
}

function storePair (to: usize, first: usize, second: usize, shift: i32, even: v128, odd: v128): void {
  const sum = i32x4.shr_s(i32x4.add(even, odd), shift)
  const difference = i32x4.shr_s(i32x4.sub(even, odd), shift)
  const both = i16x8.narrow_i32x4_s(sum, difference)
  v128.store64_lane(to + first, both, 0)
  v128.store64_lane(to + second, both, 1)
}

function lower (a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11) }

function upper (a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15) }

/** 8×8 numbers of 16 bits, in place. */
function transpose (at: usize): void {
  const a0 = lower(v128.load(at), v128.load(at, 64))
  const a1 = upper(v128.load(at), v128.load(at, 64))
  const a2 = lower(v128.load(at, 16), v128.load(at, 80))
  const a3 = upper(v128.load(at, 16), v128.load(at, 80))
  const a4 = lower(v128.load(at, 32), v128.load(at, 96))
  const a5 = upper(v128.load(at, 32), v128.load(at, 96))
  const a6 = lower(v128.load(at, 48), v128.load(at, 112))
  const a7 = upper(v128.load(at, 48), v128.load(at, 112))
  const b0 = lower(a0, a4)
  const b1 = upper(a0, a4)
  const b2 = lower(a2, a6)
  const b3 = upper(a2, a6)
  const b4 = lower(a1, a5)
  const b5 = upper(a1, a5)
  const b6 = lower(a3, a7)
  const b7 = upper(a3, a7)
  v128.store(at, lower(b0, b2))
  v128.store(at, upper(b0, b2), 16)
  v128.store(at, lower(b1, b3), 32)
  v128.store(at, upper(b1, b3), 48)
  v128.store(at, lower(b4, b6), 64)
  v128.store(at, upper(b4, b6), 80)
  v128.store(at, lower(b5, b7), 96)
  v128.store(at, upper(b5, b7), 112)
}

/** Rows of bytes, clamped and centered at 128, of columns of numbers. */
function storeTransposed (columns: usize, samples: usize, stride: usize): void {
  const c01 = centered(columns)
  const c23 = centered(columns + 2 * VECTOR)
  const c45 = centered(columns + 4 * VECTOR)
  const c67 = centered(columns + 6 * VECTOR)
  const left03 = v128.shuffle<i8>(c01, c23, 0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26, 3, 11, 19, 27)
  const left47 = v128.shuffle<i8>(c01, c23, 4, 12, 20, 28, 5, 13, 21, 29, 6, 14, 22, 30, 7, 15, 23, 31)
  const right03 = v128.shuffle<i8>(c45, c67, 0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26, 3, 11, 19, 27)
  const right47 = v128.shuffle<i8>(c45, c67, 4, 12, 20, 28, 5, 13, 21, 29, 6, 14, 22, 30, 7, 15, 23, 31)
  storeRows(samples, stride, v128.shuffle<i32>(left03, right03, 0, 4, 1, 5))
  storeRows(samples + 2 * stride, stride, v128.shuffle<i32>(left03, right03, 2, 6, 3, 7))
  storeRows(samples + 4 * stride, stride, v128.shuffle<i32>(left47, right47, 0, 4, 1, 5))
  storeRows(samples + 6 * stride, stride, v128.shuffle<i32>(left47, right47, 2, 6, 3, 7))
}

function centered (columns: usize): v128 {
  return i8x16.add(i8x16.narrow_i16x8_s(v128.load(columns), v128.load(columns, 16)), i8x16.splat(-128))
}

function storeRows (samples: usize, stride: usize, rows: v128): void {
  v128.store64_lane(samples, rows, 0)
  v128.store64_lane(samples + stride, rows, 1)
}
