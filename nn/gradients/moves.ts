import type { Rules } from './rule.ts'

export const MOVE_RULES: Rules = {}
