import { type Shape } from './dim.ts'
import { NetworkError } from './errors.ts'
import { floats, Tensor, type Node } from './tensor.ts'

/** A layer builds its part of the graph; `scope` says where in the network's tree of names it stands. */
export type Layer<In = Tensor, Out = Tensor> = (x: In, scope: Scope) => Out

/** Where parameters come from: a checkpoint, or numbers made up for a test. */
export interface Weights {
  /** Batch norms are folded into the convolutions before them: those have a bias instead. */
  readonly folded: boolean
  /** @throws ParameterError when it is missing or has another shape */
  get (name: string, shape: Shape): Float32Array
}

/** What a network leaves behind while it is built. */
interface Build {
  readonly weights: Weights
  readonly taps: Map<string, Tensor>
  readonly aliases: Map<string, Tensor>
  readonly params: Map<string, Tensor>
  readonly owners: Map<Node, string>
}

/** A place in a network's tree of names, which is the tree of the checkpoint's keys. */
export class Scope {
  readonly #build: Build
  readonly #path: string
  /** The path of the innermost layer around this place. */
  readonly #layer: string
  /** What follows the names of values: `@p3`, or nothing. */
  readonly #suffix: string

  private constructor (build: Build, path: string, layer: string, suffix = '') {
    this.#build = build
    this.#path = path
    this.#layer = layer
    this.#suffix = suffix
  }

  static root (weights: Weights): Scope {
    return new Scope({ weights, taps: new Map(), aliases: new Map(), params: new Map(), owners: new Map() }, '', '')
  }

  /** Every named value by its path, in the order of the forward pass: what can be asked for as an output. */
  get taps (): ReadonlyMap<string, Tensor> { return this.#build.taps }

  /** The field's short names of the values worth naming (`stem`, `stage2`, `p3` …), whatever the checkpoint calls them. */
  get aliases (): ReadonlyMap<string, Tensor> { return this.#build.aliases }

  /** Every parameter in use by its full name, in the order of the forward pass. */
  get params (): ReadonlyMap<string, Tensor> { return this.#build.params }

  /** The path of the layer that applied each operator itself, not through a layer within; in the order of the forward pass. */
  get owners (): ReadonlyMap<Node, string> { return this.#build.owners }

  get folded (): boolean { return this.#build.weights.folded }

  /** The place one level down. */
  at (name: string | number): Scope { return new Scope(this.#build, this.#join(name), this.#layer, this.#suffix) }

  /** The same place for one of several values that go through the same layers: parameters are shared, names of values end in `@use`. */
  for (use: string): Scope { return new Scope(this.#build, this.#path, this.#layer, `@${use}`) }

  /** Runs a layer one level down. A tensor that it returns is recorded under that path; an error on the way gets it. */
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

  /** A parameter under the name that the checkpoint knows it by. */
  param (name: string, shape: Shape): Tensor {
    const { weights, params } = this.#build
    const full = this.#join(name)
    const known = params.get(full)
    if (known !== undefined) return known
    const tensor = floats(shape, weights.get(full, shape), full)
    params.set(full, tensor)
    return tensor
  }

  /** Records a value that no layer of its own returns. */
  tap (name: string | number, x: Tensor): Tensor {
    this.#build.taps.set(`${this.#join(name)}${this.#suffix}`, this.#own(x))
    return x
  }

  /** Gives a value a short name beside its path. */
  alias (name: string, x: Tensor): Tensor {
    this.#build.aliases.set(name, x)
    return x
  }

  /** Takes a value away from the names it has so far: it is not what those stand for in the checkpoint's own network. */
  untap (x: Tensor): Tensor {
    const { taps } = this.#build
    for (const [name, tensor] of taps) if (tensor === x) taps.delete(name)
    return x
  }

  /** Of all that a value is made of, what no layer owns yet is the work of this one. */
  #own (x: Tensor): Tensor {
    const { owners } = this.#build
    if (x.source.kind !== 'node' || owners.has(x.source.node)) return x
    for (const read of x.source.node.inputs) if (read) this.#own(read)
    owners.set(x.source.node, this.#layer)
    return x
  }

  #join (name: string | number): string { return this.#path === '' ? String(name) : `${this.#path}.${name}` }
}
