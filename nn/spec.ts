/**
 * What a file in backbone/, neck/ or head/ says of the architecture in it: what it is called, what can be set, how
 * upstream's config files say the same, and how it is built. Configs, their types and both kinds of model files are
 * made from the lists of these (models/architectures.ts).
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
/** What the code makes of options in a file. */
type OptionsOf<Options extends Schemas> =
  [keyof Options] extends [never] ? unknown : Immutable<CamelKeys<z.output<z.ZodObject<Options>>>>

type Limits = readonly [min: number, max: number]

/**
 * A part's keys in one of upstream's config files. Each method throws an error that names the key where its value is
 * of another kind.
 */
export interface UpstreamKeys {
  has (key: string): boolean
  /** The mapping under a key, which has to be there. */
  section (key: string): UpstreamKeys
  wholeNumber (key: string, limits: Limits, otherwise?: number): number
  number (key: string, limits: Limits, otherwise?: number): number
  flag (key: string, otherwise?: boolean): boolean
  numbers (key: string, otherwise?: readonly number[]): readonly number[]
  /** The value itself, whatever it is. */
  raw (key: string, otherwise?: unknown): unknown
  oneOf<T extends string> (key: string, possible: readonly T[], otherwise?: T): T
  /**
   * Holds a key to the only value that networks here are made with; where the key is left out, `otherwise` has to be
   * that value.
   */
  only (key: string, value: unknown, otherwise?: unknown): void
}

/** How upstream's config files say the same. Where a key is left out, the default of upstream's class counts. */
export interface Upstream<Options> {
  /** The class. */
  readonly name: string
  /** The activation where the file names none; left out where the part has none. */
  readonly act?: ActivationName
  readonly read: (keys: UpstreamKeys) => Options
}

interface Spec<Name extends string, Schema extends Schemas> {
  /** In configs. */
  readonly name: Name
  /** The keys beside the name in model files of our own, in snake_case. */
  readonly options: Schema
}

/** Which stages of a backbone go to the neck. */
export interface OutStages { readonly outStages: readonly number[] }

export interface BackboneSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema> & OutStages>
  extends Spec<Name, Schema>, OutStages {
  /** Left out where upstream has no such backbone. */
  readonly upstream?: Upstream<Options>
  readonly build: (options: Options, act: Layer) => Backbone
}

/** A backbone that ends in the classifier of its own paper. */
export interface ClassifierSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema>>
  extends Spec<Name, Schema> {
  /** `[N, 3, H, W]` → logits `[N, classes]`. */
  readonly build: (options: Options, classes: number) => Layer
}

/** What can be set of all necks. */
export interface OutChannels {
  /** Channels of every level. */
  readonly outChannels: number
}

export interface NeckSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema> & OutChannels>
  extends Spec<Name, Schema> {
  readonly upstream: Upstream<Options> & {
    /** Holds keys that repeat the levels' sizes to what these are. */
    readonly checkLevels?: (keys: UpstreamKeys, levels: readonly Feature[]) => void
  }
  /** How many levels it adds to the backbone's: none where it is left out. */
  readonly extraLevels?: (options: Options) => number
  /** What is wrong with these options, in words. */
  readonly problem?: (options: Options) => string | undefined
  readonly build: (options: Options, act: Layer) => Neck
}

/** What the numbers that come out of a head mean. */
export interface PointsConfig {
  /** Highest bin of the distance distributions. */
  readonly regMax: number
  /** Pixels a cell of each level, finest first. */
  readonly strides: readonly number[]
  /** Where in its cell a centre prior lies, in strides. */
  readonly offset: number
}

/** What can be set of all heads. */
export interface FeatChannels extends PointsConfig {
  /** Channels of its towers. */
  readonly featChannels: number
}

export interface HeadSpec<Name extends string, Schema extends Schemas, Options = OptionsOf<Schema> & FeatChannels>
  extends Spec<Name, Schema> {
  /**
   * As upstream's models with this head were trained: where in their cells points lie, and how photos are laid into
   * the input.
   */
  readonly trained: { readonly offset: number, readonly resizeMode: 'letterbox' | 'stretch' }
  readonly upstream: Upstream<Options>
  readonly build: (options: Options, numClasses: number, act: Layer) => Head
}

/** What a config says of the part that one of these specs is of. */
type ConfigOf<S, Common> =
  S extends Spec<infer Name, infer Schema> ? { readonly name: Name } & OptionsOf<Schema> & Common : never
export type BackboneConfigOf<S> = ConfigOf<S, OutStages>
export type ClassifierConfigOf<S> = ConfigOf<S, unknown>
export type NeckConfigOf<S> = ConfigOf<S, OutChannels>
export type HeadConfigOf<S> = ConfigOf<S, FeatChannels>

/** These give the compiler the name and the options to check the rest against. */
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
 * Holds upstream's `norm_cfg` to batch norm, where it is there: published models have no other norm in these places.
 */
export function batchNormOnly (keys: UpstreamKeys): void {
  if (keys.has('norm_cfg')) keys.section('norm_cfg').only('type', 'BN')
}
