import type { Rules } from './rule.ts'

export const ARITHMETIC_RULES: Rules = {}
