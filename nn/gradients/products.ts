import type { Rules } from './rule.ts'

export const PRODUCT_RULES: Rules = {}
