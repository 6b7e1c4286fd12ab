/**
 * The expected bin of a softmax over `bins` logits from `start` on: Generalized Focal Loss, https://arxiv.org/abs/2006.04388.
 * In units of the stride, 0 … bins − 1.
 */
export function integral (logits: Float32Array, start: number, bins: number): number {
  let max = -Infinity
  for (let bin = 0; bin < bins; bin++) max = Math.max(max, logits[start + bin]!)
  let total = 0
  let weighted = 0
  for (let bin = 0; bin < bins; bin++) {
    const mass = Math.exp(logits[start + bin]! - max)
    total += mass
    weighted += mass * bin
  }
  return weighted / total
}
