import { MAX_CLASSES } from '../labels.ts'

/** Limits of a model file's values, from and to. Those of a network's parts are in nn/limits.ts. */
export const LIMITS = {
  classes: [1, MAX_CLASSES],
  side: [32, 4096]
} as const satisfies Record<string, readonly [min: number, max: number]>
