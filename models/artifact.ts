import { fileURLToPath } from 'node:url'
import type { ConfigOfKind } from './config.ts'
import { kernelBits } from './cpu-flags.ts'
import { builtInCalibration, PRECISIONS, type Precision } from './calibration-table.ts'
import { REGISTRY } from './registry.ts'
import { weightsFile } from './weights.ts'

/** A config with its files. */
export type Artifact = ConfigOfKind & {
  readonly name: string
  /** The file with the weights, or with the graph and its weights. */
  readonly checkpoint: string
  /** Calibration table of a detector of our layers, which then can run in int8. */
  readonly calibration?: string | undefined
  /** Precision to run in; by default fp32. Models without a calibration table run in fp32. */
  readonly precision?: Precision
  /** Keys of the config file that have no effect. */
  readonly ignored?: readonly string[]
  /** What was guessed or assumed about the model, in sentences. */
  readonly notes?: readonly string[]
}

/** A detector of any kind. */
export type DetectorArtifact = Extract<Artifact, { readonly kind: 'detector' | 'opaque' }>

/** The precision that a model runs in. */
export const precisionOf = (source: Pick<Artifact, 'calibration' | 'precision'> | undefined): Precision =>
  source?.calibration === undefined ? 'fp32' : source.precision ?? 'fp32'

/** The precisions that a model, or an artifact, can run in. int8 needs a calibration table. */
export const precisionsOf = (source: object): readonly Precision[] =>
  'calibration' in source && source.calibration !== undefined ? PRECISIONS : ['fp32']

/** What to know about a model, in sentences: what was guessed from its files, and the effect of this machine's processor. */
export const notesOn = (artifact: Artifact, bits = kernelBits()): readonly string[] =>
  [...artifact.notes ?? [], ...precisionOf(artifact) === 'int8' && bits === 7 ? [SEVEN_BITS] : []]
const SEVEN_BITS = 'Weights have seven bits in int8: without VNNI, sums of eight-bit products would overflow.'

/** Finds models by name. Their files may change between calls. */
export interface ArtifactFinder {
  names (): Promise<string[]>
  /** @throws ModelFileError naming the file that is missing or can't be used */
  find (name: string): Promise<Artifact>
}

/** The models that the build makes weights for, to run in a precision. */
export function builtInArtifacts (precision: Precision = 'fp32'): Array<Artifact & { readonly kind: 'detector' }> {
  return [...REGISTRY.values()].filter(({ weights }) => weights).map(config => ({
    kind: 'detector',
    name: config.name,
    config,
    checkpoint: fileURLToPath(weightsFile(config)),
    calibration: builtInCalibration(config),
    precision
  }))
}
