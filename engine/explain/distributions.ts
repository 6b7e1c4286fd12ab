const MILLION = 1e6

/** The four distributions of `bins` distances whose logits begin at `start`, as probabilities in millionths. */
export const distributionsOf = (logits: Float32Array, start: number, bins: number): number[][] =>
  [0, 1, 2, 3].map(side => softmax(logits, start + side * bins, bins))

function softmax (logits: Float32Array, start: number, bins: number): number[] {
  let max = -Infinity
  for (let bin = 0; bin < bins; bin++) max = Math.max(max, logits[start + bin]!)
  const masses: number[] = []
  let total = 0
  for (let bin = 0; bin < bins; bin++) {
    masses.push(Math.exp(logits[start + bin]! - max))
    total += masses[bin]!
  }
  return masses.map(mass => Math.round(mass / total * MILLION) || 0) // 0 for NaN
}

/** The expected distance in strides, of probabilities in any unit. */
export function expectation (probabilities: readonly number[]): number {
  const total = probabilities.reduce((sum, probability) => sum + probability)
  return probabilities.reduce((sum, probability, bin) => sum + probability * bin, 0) / total
}
