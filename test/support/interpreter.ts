/**
 * Runs graphs in plain float64 arithmetic: the reference for operators, for passes and for gradients. It follows the ONNX
 * specification (https://onnx.ai/onnx/operators/), and is made to be read, though fast enough for small networks.
 */
import { topologicalOrder } from '../../nn/graph.ts'
import type { Node, Tensor } from '../../nn/tensor.ts'
import { CONVOLUTIONS } from './interpreter/convolutions.ts'
import { ELEMENTWISE } from './interpreter/elementwise.ts'
import { MOVES } from './interpreter/moves.ts'
import { NORMS } from './interpreter/norms.ts'
import { POOLS } from './interpreter/pools.ts'
import { PRODUCTS } from './interpreter/products.ts'
import { REDUCTIONS } from './interpreter/reductions.ts'
import { RESAMPLING } from './interpreter/resampling.ts'
import { valueOf, type Operator, type Value } from './interpreter/value.ts'

export type { Value } from './interpreter/value.ts'

export const OPERATORS: Readonly<Record<string, Operator>> = {
  ...CONVOLUTIONS, ...ELEMENTWISE, ...MOVES, ...NORMS, ...POOLS, ...PRODUCTS, ...REDUCTIONS, ...RESAMPLING
}

/** Inputs by name; numbers of any kind, in the shape of their `input`, or a value of another shape where that is symbolic. */
export type InterpreterFeeds = ReadonlyMap<string, ArrayLike<number> | ArrayLike<bigint> | Value>

/** The values of `outputs`, in their order. */
export function interpret (outputs: readonly Tensor[], feeds: InterpreterFeeds = new Map()): Value[] {
  const values = valuesOf(outputs, feeds)
  return outputs.map(x => values.get(x)!)
}

/** The values of all tensors that `outputs` depend on, themselves included. */
export function valuesOf (outputs: readonly Tensor[], feeds: InterpreterFeeds = new Map()): Map<Tensor, Value> {
  const values = new Map<Tensor, Value>()
  const nodes = topologicalOrder(outputs)
  const read = [...outputs, ...nodes.flatMap(({ inputs }) => inputs)].filter(x => x !== undefined)
  for (const x of new Set(read)) if (x.source.kind !== 'node') values.set(x, leafValue(x, feeds))
  for (const node of nodes) apply(node, values)
  return values
}

/**
 * The values of `outputs` after changes to some tensors, be they inputs, constants or inner ones. Only what depends on
 * them is computed again.
 * @param before all values without the changes
 */
export function valuesAfter (
  outputs: readonly Tensor[], before: ReadonlyMap<Tensor, Value>, changes: ReadonlyMap<Tensor, Value>
): Value[] {
  const after = new Map(changes)
  for (const node of topologicalOrder(outputs)) {
    if (!node.inputs.some(x => x && after.has(x))) continue
    for (const x of node.inputs) if (x && !after.has(x)) after.set(x, before.get(x)!)
    apply(node, after, changes)
  }
  return outputs.map(x => after.get(x) ?? before.get(x)!)
}

function apply (node: Node, values: Map<Tensor, Value>, fixed: ReadonlyMap<Tensor, Value> = new Map()): void {
  const operator = OPERATORS[node.op]
  if (!operator) throw new Error(`the interpreter has no ${node.op}`)
  const results = [operator(node.inputs.map(x => x && values.get(x)), node)].flat()
  node.outputs.forEach((x, i) => { if (!fixed.has(x)) values.set(x, results[i]!) })
}

function leafValue ({ shape, source }: Tensor, feeds: InterpreterFeeds): Value {
  if (source.kind === 'constant') return valueOf(shape as number[], source.data)
  const fed = source.kind === 'input' ? feeds.get(source.name) : undefined
  if (!fed) throw new Error(`no value for ${source.kind === 'input' ? source.name : source.kind}`)
  return 'dims' in fed ? fed : valueOf(shape as number[], fed)
}
