import * as op from './ops.ts'
import { scalar } from './tensor.ts'
import type { Layer } from './scope.ts'

export const relu: Layer = x => op.relu(x)
/** min(max(x, 0), 6) */
export const relu6: Layer = x => op.clip(x, scalar(0), scalar(6))
/** x or, below zero, 0.1·x: NanoDet's slope, not PyTorch's default of 0.01. */
export const leakyRelu: Layer = x => op.leakyRelu(x, 0.1)
/** min(max(x/6 + 1/2, 0), 1) */
export const hardSigmoid: Layer = x => op.hardSigmoid(x)
export const hardSwish: Layer = x => op.hardSwish(x)
/** x·sigmoid(x) */
export const silu: Layer = x => op.mul(x, op.sigmoid(x))
export const elu: Layer = x => op.elu(x)
export const selu: Layer = x => op.selu(x)
/** x/2 · (1 + erf(x/√2)) */
export const gelu: Layer = x => op.mul(op.mul(x, scalar(0.5)), op.add(op.erf(op.mul(x, scalar(Math.SQRT1_2))), scalar(1)))
/** x or, below zero, slope·x with one learned slope. */
export const prelu: Layer = (x, scope) => op.prelu(x, scope.param('weight', [1]))
export const linear: Layer = x => x

/** Activations by the names that upstream's config files use. */
export const ACTIVATIONS = {
  ReLU: relu,
  ReLU6: relu6,
  LeakyReLU: leakyRelu,
  HardSwish: hardSwish,
  Hardswish: hardSwish,
  SiLU: silu,
  ELU: elu,
  SELU: selu,
  GELU: gelu,
  PReLU: prelu,
  null: linear
} as const satisfies Record<string, Layer>

export type ActivationName = keyof typeof ACTIVATIONS
