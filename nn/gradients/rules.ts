import { ACTIVATION_RULES } from './activations.ts'
import { ARITHMETIC_RULES } from './arithmetic.ts'
import { CONVOLUTION_RULES } from './convolutions.ts'
import { GATHER_RULES } from './gathers.ts'
import { MOVE_RULES } from './moves.ts'
import { NORM_RULES } from './norms.ts'
import { POOL_RULES } from './pools.ts'
import { PRODUCT_RULES } from './products.ts'
import { REDUCTION_RULES } from './reductions.ts'
import { RESAMPLING_RULES } from './resampling.ts'
import type { Rules } from './rule.ts'

/** The gradient rule of each operator. */
export const RULES: Rules = {
  ...ACTIVATION_RULES,
  ...ARITHMETIC_RULES,
  ...CONVOLUTION_RULES,
  ...GATHER_RULES,
  ...MOVE_RULES,
  ...NORM_RULES,
  ...POOL_RULES,
  ...PRODUCT_RULES,
  ...REDUCTION_RULES,
  ...RESAMPLING_RULES
}
