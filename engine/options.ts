import type { DecodeOptions } from '../head/decode/decode.ts'

/** Upstream's settings; its demo shows scores from 0.35 on. */
export const DEFAULT_OPTIONS: DecodeOptions = { scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100 }

/** Upstream's settings for measuring AP: low scores count, too. */
export const SCORING_OPTIONS: DecodeOptions = { ...DEFAULT_OPTIONS, scoreThreshold: 0.05 }
