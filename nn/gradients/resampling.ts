import type { Rules } from './rule.ts'

export const RESAMPLING_RULES: Rules = {}
