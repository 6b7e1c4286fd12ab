import type { Floats } from './floats.ts'

/** Against division by zero, as in torch.nn.utils.clip_grad_norm_. */
const EPSILON = 1e-6

/**
 * Scales a gradient, in place, so that its norm is at most `maxNorm`.
 * @returns the norm before
 */
export function clip (gradient: Floats, maxNorm: number): number {
  let squares = 0
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!
  const norm = Math.sqrt(squares)
  const factor = maxNorm / (norm + EPSILON)
  if (factor < 1) for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * factor
  return norm
}
