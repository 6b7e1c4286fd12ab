import * as op from '../ops.ts'
import { scalar, type Node } from '../tensor.ts'
import { single, type Rules } from './rule.ts'

/** Makes a mask of 0 or 1 of Clip. */
const HUGE = 1e30

export const ACTIVATION_RULES: Rules = {
  /**
   * y = x or slope·x: g or slope·g, by the sign of y, which leaves the activation fused into its convolution. Clip takes half
   * the time of Where.
   */
  LeakyRelu: single((g, { outputs: [y], attributes }) =>
    op.mul(g, op.clip(op.mul(y!, scalar(HUGE)), scalar(floatOf(attributes, 'alpha')), scalar(1))))
}

const floatOf = (attributes: Node['attributes'], name: string): number => (attributes[name] as { readonly float: number }).float
