import { createHash } from 'node:crypto'
import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import { bytesOf } from '../processes/float-bytes.ts'
import type { TrainingSettings } from '../settings.ts'
import type { TrainingSpec } from '../spec.ts'

/** Digests of all that a run's result depends on, by what a user calls it. */
export type Fingerprint = Readonly<Record<string, string>>

type Keys<T> = T extends unknown ? keyof T : never

const NAMES: Readonly<Partial<Record<Keys<TrainingSpec> | keyof TrainingSettings, string>>> = {
  kind: 'task',
  config: 'model',
  examples: 'training set',
  validation: 'validation set',
  initial: 'initial weights',
  trained: 'choice of trained parameters',
  batchStatistics: 'use of batch statistics',
  microBatch: 'size of a micro-batch',
  labelSmoothing: 'label smoothing',
  auxiliary: 'use of the auxiliary head',
  learningRate: 'learning rate',
  warmupSteps: 'length of the warm-up',
  finalRate: 'final rate',
  clipNorm: 'maximum norm',
  averageDecay: 'decay of the average',
  epochs: 'number of epochs',
  batch: 'batch size'
}

/** The fingerprint of a run. It does not include the number of workers. */
export function fingerprintOf (spec: TrainingSpec, { workers, ...settings }: TrainingSettings): Fingerprint {
  const parts = Object.entries({ ...spec, ...settings }).map(([key, value]) => [nameOf(key), digestOf(key === 'initial' ? spec.initial : value)])
  return Object.fromEntries(parts)
}

/** What differs between two runs. */
export const differencesOf = (a: Fingerprint, b: Fingerprint): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(name => a[name] !== b[name])

const nameOf = (key: string): string => NAMES[key as keyof typeof NAMES] ?? key

function digestOf (value: unknown): string {
  const hash = createHash('sha256')
  if (isStateDict(value)) {
    for (const [name, { shape, data }] of value.parameters) hash.update(`${name} ${shape.join()}`).update(bytesOf(data))
  } else hash.update(JSON.stringify(value))
  return hash.digest('hex').slice(0, 16)
}

const isStateDict = (value: unknown): value is StateDict =>
  typeof value === 'object' && value !== null && 'parameters' in value && value.parameters instanceof Map
