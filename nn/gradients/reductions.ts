import type { Rules } from './rule.ts'

export const REDUCTION_RULES: Rules = {}
