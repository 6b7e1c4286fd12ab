import type { Rules } from './rule.ts'

export const NORM_RULES: Rules = {}
