import type { Rules } from './rule.ts'

export const POOL_RULES: Rules = {}
