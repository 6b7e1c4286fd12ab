import type { Rules } from './rule.ts'

export const CONVOLUTION_RULES: Rules = {}
