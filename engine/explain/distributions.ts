const MILLION = 1e6

/** The four distributions of `bins` distances whose logits begin at `start`, as probabilities in millionths. */
export const distributionsOf = (logits: Float32Array, start: number, bins: number): number[][] =>
  Array.from({ length: 4 }, (_, side) => softmax(logits.subarray(start + side * bins, start + (side + 1) * bins)))

function softmax (logits: Float32Array): number[] {
  const max = Math.max(...logits)
  const masses = Array.from(logits, logit => Math.exp(logit - max))
  const total = masses.reduce((sum, mass) => sum + mass)
  return masses.map(mass => Math.round(mass / total * MILLION) || 0) // 0 for NaN
}

/** The expected distance in strides, of probabilities in any unit. */
export function expectation (probabilities: readonly number[]): number {
  const total = probabilities.reduce((sum, probability) => sum + probability)
  return probabilities.reduce((sum, probability, bin) => sum + probability * bin, 0) / total
}
