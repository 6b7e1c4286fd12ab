/**
 * The parts of upstream's config files by their classes, as parts of ours. A value that no network here is made with
 * is an error.
 */
import type { ActivationName } from '../../nn/activations.ts'
import type { Upstream } from '../../nn/spec.ts'
import * as architectures from '../architectures.ts'
import type { BackboneConfig, HeadConfig, NeckConfig } from '../architectures.ts'
import type { Section } from './section.ts'

/** How a part is read whose `name` is known. */
export interface Reader<Config> {
  /** The activation where the file names none; undefined where the part has no activation. */
  readonly act: ActivationName | undefined
  readonly read: (keys: Section) => Config
}
interface Part { readonly name: string, readonly upstream?: Upstream<object> }
export type Readers<Config> = Readonly<Record<string, Reader<Config>>>

export const BACKBONES: Readers<BackboneConfig> = readersOf(architectures.BACKBONES)
export const NECKS: Readers<NeckConfig> = readersOf(architectures.NECKS)
export const HEADS: Readers<HeadConfig> = readersOf(architectures.HEADS)

/** By upstream's names. What a spec reads is of its own name, which the compiler can't follow. */
function readersOf<Config> (specs: readonly Part[]): Readers<Config> {
  return Object.fromEntries(specs.flatMap(({ name, upstream }) => {
    if (!upstream) return []
    const read = (keys: Section): Config => ({ name, ...upstream.read(keys) }) as Config
    return [[upstream.name, { act: upstream.act, read }]]
  }))
}
