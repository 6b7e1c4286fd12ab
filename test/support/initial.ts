/** Initial parameters: small networks to initialize, and statistics of the values. */
import type { CLASSIFIERS } from '../../models/architectures.ts'
import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import type { ClassifierConfig } from '../../models/config.ts'
import { readOwnConfig } from '../../models/files/own-config.ts'
import { leastOptions } from './architectures.ts'

/** A classifier of three classes at 32×32, with the default options of its family and others. */
export function leastClassifier (spec: typeof CLASSIFIERS[number], options: Record<string, unknown> = {}): ClassifierConfig {
  const file = { task: 'classify', backbone: { ...leastOptions(spec), ...options }, input: { width: 32, height: 32 }, classes: 3 }
  return readOwnConfig(JSON.stringify(file), spec.name).config as ClassifierConfig
}

/** The root of the mean square, which is the standard deviation of values whose mean is 0. */
export const deviationOf = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length)

/** Values of a parameter. */
export const valuesOf = ({ parameters }: StateDict, name: string): Float32Array => {
  const found = parameters.get(name)
  if (!found) throw new Error(`no parameter ${name}`)
  return found.data
}
