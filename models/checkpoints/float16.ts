/** Decodes 16 bits of IEEE 754 binary16. */
export function float16 (bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const word = new DataView(new ArrayBuffer(4))

/** Decodes 16 bits of bfloat16: the upper half of a float32. */
export function bfloat16 (bits: number): number {
  word.setUint32(0, bits * 2 ** 16)
  return word.getFloat32(0)
}
