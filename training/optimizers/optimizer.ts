import type { OptimizerSettings } from '../settings.ts'
import { AdamW } from './adamw.ts'
import type { Optimizer } from './floats.ts'
import { Sgd } from './sgd.ts'

export type { Optimizer } from './floats.ts'

/** The optimizer of so many parameters. */
export function optimizerOf (settings: OptimizerSettings, size: number): Optimizer {
  return settings.name === 'adamw'
    ? new AdamW({ mean: new Float32Array(size), square: new Float32Array(size) }, settings)
    : new Sgd(new Float32Array(size), settings)
}
