import { type Shape } from './dim.ts'
import { NetworkError } from './errors.ts'
import { floats, input, Tensor, type Node } from './tensor.ts'

/** A layer builds its part of the graph; `scope` is its place in the network's tree of names. */
export type Layer<In = Tensor, Out = Tensor> = (x: In, scope: Scope) => Out

/** A source of parameters: a checkpoint, or generated values in tests. */
export interface Weights {
  /** Batch norms are folded into the convolutions before them, which then have a bias. */
  readonly folded: boolean
  /** @throws ParameterError if it is missing or has another shape */
  get (name: string, shape: Shape): Float32Array
  /** Whether a parameter is fed when the network runs: then `Scope.param` makes an input of that name. By default none is. */
  readonly isFed?: (name: string) => boolean
  /** Whether the batch norm at a path normalizes by the statistics of its batch, as in training. By default none does. */
  readonly usesBatchStatistics?: (path: string) => boolean
}

/** Statistics of a batch norm's input over its batch, each `[C]`; the variance is biased. */
export interface BatchStatistics { readonly mean: Tensor, readonly variance: Tensor }

/** Records of a network under construction. */
interface Build {
  readonly weights: Weights
  readonly taps: Map<string, Tensor>
  readonly aliases: Map<string, Tensor>
  readonly params: Map<string, Tensor>
  readonly owners: Map<Node, string>
  readonly statistics: Map<string, BatchStatistics>
}

/** A place in a network's tree of names, which is the tree of the checkpoint's keys. */
export class Scope {
  readonly #build: Build
  readonly #path: string
  /** The path of the innermost layer around this place. */
  readonly #layer: string
  /** Suffix of the names of values: `@p3`, or empty. */
  readonly #suffix: string

  private constructor (build: Build, path: string, layer: string, suffix = '') {
    this.#build = build
    this.#path = path
    this.#layer = layer
    this.#suffix = suffix
  }

  static root (weights: Weights): Scope {
    const build = { weights, taps: new Map(), aliases: new Map(), params: new Map(), owners: new Map(), statistics: new Map() }
    return new Scope(build, '', '')
  }

  /** Every named value by its path, in the order of the forward pass; each can be requested as an output. */
  get taps (): ReadonlyMap<string, Tensor> { return this.#build.taps }

  /** Short names of important values (`stem`, `stage2`, `p3` …), independent of the checkpoint's names. */
  get aliases (): ReadonlyMap<string, Tensor> { return this.#build.aliases }

  /** Every parameter in use by its full name, in the order of the forward pass. */
  get params (): ReadonlyMap<string, Tensor> { return this.#build.params }

  /** The path of the innermost layer that applied each operator, in the order of the forward pass. */
  get owners (): ReadonlyMap<Node, string> { return this.#build.owners }

  /** By path, the statistics of the batch norms that use their batch's. */
  get statistics (): ReadonlyMap<string, BatchStatistics> { return this.#build.statistics }

  /** Whether a batch norm at this place normalizes by the statistics of its batch. */
  get usesBatchStatistics (): boolean { return this.#build.weights.usesBatchStatistics?.(this.#path) ?? false }

  get folded (): boolean { return this.#build.weights.folded }

  /** The place one level down. */
  at (name: string | number): Scope { return new Scope(this.#build, this.#join(name), this.#layer, this.#suffix) }

  /** The same place for one of several values that pass through shared layers: they share parameters; names of values end in `@use`. */
  for (use: string): Scope { return new Scope(this.#build, this.#path, this.#layer, `@${use}`) }

  /** Runs a layer one level down. A returned tensor is recorded under that path; an error gets the path. */
  apply<In, Out> (name: string | number, layer: Layer<In, Out>, x: In): Out {
    const path = this.#join(name)
    const inner = new Scope(this.#build, path, `${path}${this.#suffix}`, this.#suffix)
    try {
      if (x instanceof Tensor) this.#own(x)
      const out = layer(x, inner)
      if (out instanceof Tensor) this.tap(name, inner.#own(out))
      return out
    } catch (error) {
      if (error instanceof NetworkError) error.path ??= path
      throw error
    }
  }

  /** A parameter under its name in the checkpoint. */
  param (name: string, shape: Shape): Tensor {
    const { weights, params } = this.#build
    const full = this.#join(name)
    const known = params.get(full)
    if (known !== undefined) return known
    const tensor = weights.isFed?.(full) ? input(full, shape) : floats(shape, weights.get(full, shape), full)
    params.set(full, tensor)
    return tensor
  }

  /** Records a value that is not the output of a layer. */
  tap (name: string | number, x: Tensor): Tensor {
    this.#build.taps.set(`${this.#join(name)}${this.#suffix}`, this.#own(x))
    return x
  }

  /** Records the statistics of the batch norm at this place. */
  record (statistics: BatchStatistics): void { this.#build.statistics.set(this.#path, statistics) }

  /** Gives a value a short name in addition to its path. */
  alias (name: string, x: Tensor): Tensor {
    this.#build.aliases.set(name, x)
    return x
  }

  /** Removes a value from the names it has so far, which mean another value in the checkpoint's network. */
  untap (x: Tensor): Tensor {
    const { taps } = this.#build
    for (const [name, tensor] of taps) if (tensor === x) taps.delete(name)
    return x
  }

  /** Attributes the operators of a value that no layer owns yet to this layer. */
  #own (x: Tensor): Tensor {
    const { owners } = this.#build
    if (x.source.kind !== 'node' || owners.has(x.source.node)) return x
    for (const read of x.source.node.inputs) if (read) this.#own(read)
    owners.set(x.source.node, this.#layer)
    return x
  }

  #join (name: string | number): string { return this.#path === '' ? String(name) : `${this.#path}.${name}` }
}
