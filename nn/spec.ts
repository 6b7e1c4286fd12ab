/**
 * What a file in backbone/, neck/ or head/ declares about its architecture: its name, its options, how
 * upstream's config files express them, and how it is built. Configs, their types and both kinds of model files are
 * derived from the lists of specs (models/architectures.ts).
 */
import type { z } from 'zod'
import type { ActivationName } from './activations.ts'
import type { CamelKeys } from './camel-keys.ts'
import type { Backbone, Feature, Head, Neck } from './feature.ts'
import type { Layer } from './scope.ts'

type Schemas = Readonly<Record<string, z.ZodType>>
type Immutable<T> = {
  readonly [Key in keyof T]: T[Key] extends ReadonlyArray<infer Item> ? readonly Item[] : T[Key]
}
/** Options of a file as the code sees them. */
type OptionsOf<Options extends Schemas> =
  [keyof Options] extends [never] ? unknown : Immutable<CamelKeys<z.output<z.ZodObject<Options>>>>

type Limits = readonly [min: number, max: number]

/**
 * A part's keys in one of upstream's config files. Each method throws an error that names the key if its value is
 * of another kind.
 */
export interface UpstreamKeys {
  has (key: string): boolean
  /** The mapping under a required key. */
  section (key: string): UpstreamKeys
  wholeNumber (key: string, limits: Limits, otherwise?: number): number
  number (key: string, limits: Limits, otherwise?: number): number
  flag (key: string, otherwise?: boolean): boolean
  numbers (key: string, otherwise?: readonly number[]): readonly number[]
  /** The value itself, whatever it is. */
  raw (key: string, otherwise?: unknown): unknown
  oneOf<T extends string> (key: string, possible: readonly T[], otherwise?: T): T
  /**
   * Accepts only one value for a key; if the key is missing, `otherwise` must be
   * that value.
   */
  only (key: string, value: unknown, otherwise?: unknown): void
}

/** How upstream's config files express the options. For a missing key, the default of upstream's class holds. */
export interface Upstream<Options> {
  /** The class. */
  readonly name: string
  /** The default activation; omitted if the part has none. */
  readonly act?: ActivationName
  readonly read: (keys: UpstreamKeys) => Options
}

interface Spec<Name extends string, Schema extends Schemas> {
  /** In configs. */
  readonly name: Name
  /** The keys besides the name in our own model files, in snake_case. */
  readonly options: Schema
}

/** Which stages of a backbone go to the neck. */
export interface OutStages { readonly outStages: readonly number[] }

export interface BackboneSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema> & OutStages>
  extends Spec<Name, Schema>, OutStages {
  /** Omitted if upstream has no such backbone. */
  readonly upstream?: Upstream<Options>
  readonly build: (options: Options, act: Layer) => Backbone
}

/** A backbone with the classifier of its paper. */
export interface ClassifierSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema>>
  extends Spec<Name, Schema> {
  /** `[N, 3, H, W]` → logits `[N, classes]`. */
  readonly build: (options: Options, classes: number) => Layer
}

/** Options of all necks. */
export interface OutChannels {
  /** Channels of every level. */
  readonly outChannels: number
}

export interface NeckSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema> & OutChannels>
  extends Spec<Name, Schema> {
  readonly upstream: Upstream<Options> & {
    /** Checks keys that repeat the sizes of the levels. */
    readonly checkLevels?: (keys: UpstreamKeys, levels: readonly Feature[]) => void
  }
  /** Number of levels that it adds to the backbone's; 0 by default. */
  readonly extraLevels?: (options: Options) => number
  /** A sentence about invalid options. */
  readonly problem?: (options: Options) => string | undefined
  readonly build: (options: Options, act: Layer) => Neck
}

/** The meaning of a head's output. */
export interface PointsConfig {
  /** Highest bin of the distance distributions. 0 means that predictions hold the distances themselves, in strides. */
  readonly regMax: number
  /** Pixels per cell of each level, finest first. */
  readonly strides: readonly number[]
  /** Position of a center prior in its cell, in strides. */
  readonly offset: number
}

/** Options of all heads. */
export interface FeatChannels extends PointsConfig {
  /** Channels of its towers. */
  readonly featChannels: number
}

export interface HeadSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema> & FeatChannels>
  extends Spec<Name, Schema> {
  /**
   * How upstream's models with this head were trained: the position of points in their cells, and how photos are laid into
   * the input.
   */
  readonly trained: { readonly offset: number, readonly resizeMode: 'letterbox' | 'stretch' }
  readonly upstream: Upstream<Options>
  readonly build: (options: Options, numClasses: number, act: Layer) => Head
}

/** The config of a part, inferred from its spec. */
type ConfigOf<S, Common> =
  S extends Spec<infer Name, infer Schema> ? { readonly name: Name } & OptionsOf<Schema> & Common : never
export type BackboneConfigOf<S> = ConfigOf<S, OutStages>
export type ClassifierConfigOf<S> = ConfigOf<S, unknown>
export type NeckConfigOf<S> = ConfigOf<S, OutChannels>
export type HeadConfigOf<S> = ConfigOf<S, FeatChannels>

/** These let the compiler infer the name and the options. */
export const backboneSpec = <const Name extends string, Schema extends Schemas>(
  spec: BackboneSpec<Name, Schema>
): typeof spec => spec
export const classifierSpec = <const Name extends string, Schema extends Schemas>(
  spec: ClassifierSpec<Name, Schema>
): typeof spec => spec
export const neckSpec = <const Name extends string, Schema extends Schemas>(
  spec: NeckSpec<Name, Schema>
): typeof spec => spec
export const headSpec = <const Name extends string, Schema extends Schemas>(
  spec: HeadSpec<Name, Schema>
): typeof spec => spec

/**
 * Accepts only batch norm in upstream's `norm_cfg`: published models have no other norm here.
 */
export function batchNormOnly (keys: UpstreamKeys): void {
  if (keys.has('norm_cfg')) keys.section('norm_cfg').only('type', 'BN')
}
