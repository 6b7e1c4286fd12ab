/** The inner loop of the warp. AssemblyScript: TypeScript's syntax, with WebAssembly's types and instructions as built-ins. */

/** Bytes of a column's record: where its left and right pixels begin in a row (u32 each), and their shares (f64 each). */
const COLUMN = 24

/**
 * Blends two rows of a photo into a row of the network's input. The order of operations decides how values are rounded.
 * Reads one byte past the rows, and writes one past the target.
 * @param columns address of the records of all columns
 */
export function blendRow (target: usize, above: usize, below: usize, columns: usize, count: i32, aboveShare: f64, belowShare: f64): void {
  const upper = f64x2.splat(aboveShare)
  const lower = f64x2.splat(belowShare)
  for (let i = 0; i < count; i++, target += 3, columns += COLUMN) {
    const leftAt = load<u32>(columns)
    const rightAt = load<u32>(columns, 4)
    const left = v128.load64_splat(columns, 8)
    const right = v128.load64_splat(columns, 16)
    const a = pixel(above + leftAt)
    const b = pixel(above + rightAt)
    const c = pixel(below + leftAt)
    const d = pixel(below + rightAt)
    const redGreen = mix(mix(floats(a), floats(b), left, right), mix(floats(c), floats(d), left, right), upper, lower)
    const blue = mix(mix(floats(swap(a)), floats(swap(b)), left, right), mix(floats(swap(c)), floats(swap(d)), left, right), upper, lower)
    store<u32>(target, bytes(rounded(redGreen), rounded(blue)))
  }
}

function mix (a: v128, b: v128, aShare: v128, bShare: v128): v128 {
  return f64x2.add(f64x2.mul(a, aShare), f64x2.mul(b, bShare))
}

/** Four bytes as integers: red, green, blue, and the next pixel's red. */
function pixel (at: usize): v128 {
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
}

function swap (v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 0)
}

/** The first two of four integers. */
function floats (v: v128): v128 {
  return f64x2.convert_low_i32x4_s(v)
}

function rounded (v: v128): v128 {
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.add(v, f64x2.splat(0.5)))
}

function bytes (redGreen: v128, blue: v128): u32 {
  const words = i16x8.narrow_i32x4_s(v128.shuffle<i64>(redGreen, blue, 0, 2), redGreen)
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0)
}
