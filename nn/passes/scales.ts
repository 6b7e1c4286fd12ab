import { topologicalOrder, type Graph } from '../graph.ts'
import { groupBy } from '../group-by.ts'
import type { Node, Tensor } from '../tensor.ts'
import { isConstant, isMap } from './channel-roles.ts'
import { constantOf, madeBy } from './rewrite.ts'

/** Operators that pass bytes on unchanged: inputs and outputs share a scale. Leaky ReLU is the maximum of two of them. */
const HANDING_ON = new Set(['Concat', 'Gather', 'LeakyRelu', 'MaxPool', 'Reshape', 'Split', 'Transpose'])

/** Values that are stored as bytes of one scale. */
export interface Scale {
  /** The name of the first of them; if it has none, its derivation from one that has. */
  readonly key: string
  /** The computed ones; the others are copies of these values. */
  readonly computed: readonly Tensor[]
  /** The factor of negative values before they are read: 1 unless all of them go through a leaky ReLU. */
  readonly slope: number
}

/** Determines which values of a graph are stored as bytes, and which of them must share a scale. */
export class Scales {
  readonly #quantized = new Set<Node>()
  readonly #parents = new Map<Tensor, Tensor>()
  readonly #scales = new Map<Tensor, Scale>()

  constructor ({ outputs, names = new Map() }: Graph) {
    const nodes = topologicalOrder(outputs.values())
    for (const node of nodes) this.#visit(node)
    const keys = keysOf(nodes, names)
    const readers = readersIn(nodes)
    for (const members of this.#groups()) {
      const computed = members.filter(({ source }) => source.kind !== 'node' || !HANDING_ON.has(source.node.op) || !this.isQuantized(source.node))
      const scale = { key: keys.get(members[0]!)!, computed, slope: Math.max(...computed.map(x => slopeOf(x, readers))) }
      for (const x of members) this.#scales.set(x, scale)
    }
  }

  /** Whether a node computes on bytes. */
  isQuantized (node: Node): boolean { return this.#quantized.has(node) }

  /** undefined if a value stays float. */
  of (x: Tensor): Scale | undefined { return this.#scales.get(x) }

  get all (): readonly Scale[] { return [...new Set(this.#scales.values())] }

  #visit (node: Node): void {
    const maps = node.inputs.filter((x): x is Tensor => isMap(x) && !isConstant(x))
    if (maps.length === 0 || !node.outputs.every(isMap)) return
    const isHandedOn = HANDING_ON.has(node.op) && this.#areBytes(node.op, maps)
    if (!isHandedOn && !isComputing(node)) return
    this.#quantized.add(node)
    const values = [...maps.filter(x => !rawBytesOf(x)), ...node.outputs]
    for (const x of values) if (!this.#parents.has(x)) this.#parents.set(x, x)
    if (isHandedOn) for (const x of values) this.#parents.set(this.#root(x), this.#root(values[0]!))
  }

  /** Floats that are concatenated with bytes become bytes, too: moving them is four times as fast. */
  #areBytes (op: string, maps: readonly Tensor[]): boolean {
    const isBytes = (x: Tensor): boolean => this.#parents.has(x)
    return op === 'Concat' ? maps.some(isBytes) : maps.every(isBytes)
  }

  #root (x: Tensor): Tensor {
    const parent = this.#parents.get(x)!
    return parent === x ? x : this.#root(parent)
  }

  #groups (): Iterable<Tensor[]> { return groupBy(this.#parents.keys(), x => this.#root(x)).values() }
}

/** The bytes and the number subtracted from each, if a value is exactly that: it is quantized as it is, in steps of 1. */
export function rawBytesOf (x: Tensor): { readonly bytes: Tensor, readonly zeroPoint: number } | undefined {
  const sub = madeBy('Sub', x)
  const bytes = madeBy('Cast', sub?.inputs[0])?.inputs[0]
  const zeroPoint = constantOf(sub?.inputs[1])
  return bytes?.type === 'uint8' && zeroPoint?.length === 1 ? { bytes, zeroPoint: zeroPoint[0]! } : undefined
}

function isComputing ({ op, inputs }: Node): boolean {
  return op === 'Add' ? inputs.every(x => isMap(x) && !isConstant(x)) : op === 'Conv' && inputs.slice(1).every(isConstant)
}

function slopeOf (x: Tensor, readers: ReadonlyMap<Tensor, readonly Node[]>): number {
  return Math.max(...(readers.get(x) ?? []).map(node => {
    if (node.op === 'LeakyRelu') return (node.attributes['alpha'] as { float: number }).float
    return node.op === 'MaxPool' || node.op === 'Reshape' || node.op === 'Transpose' ? slopeOf(node.outputs[0]!, readers) : 1
  }))
}

function readersIn (nodes: readonly Node[]): Map<Tensor, Node[]> {
  const readers = new Map<Tensor, Node[]>()
  for (const node of nodes) for (const x of node.inputs) if (x) readers.set(x, [...readers.get(x) ?? [], node])
  return readers
}

/** Every value's name, or its derivation from a named value. */
function keysOf (nodes: readonly Node[], names: ReadonlyMap<string, Tensor>): Map<Tensor, string> {
  const keys = new Map([...names].reverse().map(([name, x]) => [x, name]))
  for (const x of nodes.flatMap(({ inputs }) => inputs)) if (x?.source.kind === 'input') keys.set(x, x.source.name)
  const taken = new Set(names.keys())
  for (const { op, inputs, outputs } of nodes) {
    for (const x of outputs) {
      if (keys.has(x)) continue
      const stem = `${keys.get(inputs[0]!)}/${op}`
      const key = free(stem, taken)
      taken.add(key)
      keys.set(x, key)
    }
  }
  return keys
}

function free (stem: string, taken: ReadonlySet<string>): string {
  let key = stem
  for (let count = 2; taken.has(key); count++) key = `${stem}:${count}`
  return key
}
