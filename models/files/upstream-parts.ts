/** Readers for the parts of upstream's config files, by class name. Values that our networks don't support are errors. */
import type { ActivationName } from '../../nn/activations.ts'
import type { Upstream } from '../../nn/spec.ts'
import * as architectures from '../architectures.ts'
import type { BackboneConfig, HeadConfig, NeckConfig } from '../architectures.ts'
import type { Section } from './section.ts'

/** Reads a part of a known class. */
export interface Reader<Config> {
  /** The activation if the file sets none; undefined if the part has no activation. */
  readonly act: ActivationName | undefined
  readonly read: (keys: Section) => Config
}
interface Part { readonly name: string, readonly upstream?: Upstream<object> }
export type Readers<Config> = Readonly<Record<string, Reader<Config>>>

export const BACKBONES: Readers<BackboneConfig> = readersOf(architectures.BACKBONES)
export const NECKS: Readers<NeckConfig> = readersOf(architectures.NECKS)
export const HEADS: Readers<HeadConfig> = readersOf(architectures.HEADS)

/** By upstream's class names. The compiler can't follow that a spec reads options of its own name. */
function readersOf<Config> (specs: readonly Part[]): Readers<Config> {
  return Object.fromEntries(specs.flatMap(({ name, upstream }) => {
    if (!upstream) return []
    const read = (keys: Section): Config => ({ name, ...upstream.read(keys) }) as Config
    return [[upstream.name, { act: upstream.act, read }]]
  }))
}
