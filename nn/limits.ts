import { z } from 'zod'

type Limits = readonly [min: number, max: number]

/**
 * Limits for the options of a network's parts in model files: minimum, maximum. Far beyond every published model, and far from exhausting
 * memory.
 */
export const LIMITS = {
  channels: [1, 1024],
  stackedConvs: [1, 16],
  regMax: [1, 64],
  kernel: [1, 15],
  extraLevels: [0, 4],
  heads: [1, 64],
  encoders: [1, 16],
  mlpRatio: [1, 16],
  width: [0.1, 4]
} as const satisfies Record<string, Limits>

/** A whole number within limits. */
export const whole = ([min, max]: Limits) => z.int().min(min).max(max)

/** A width multiplier, 1 by default. */
export const widthMultiplier = z.number().min(LIMITS.width[0]).max(LIMITS.width[1]).default(1)
