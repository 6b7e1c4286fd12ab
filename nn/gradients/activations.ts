import type { Rules } from './rule.ts'

export const ACTIVATION_RULES: Rules = {}
