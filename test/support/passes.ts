import type { Test } from 'tap'
import { product } from '../../nn/dim.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import type { Pass } from '../../nn/passes/rewrite.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import { largest, maxDifference, run } from './run.ts'
import { seededFloats } from './seeded.ts'

export const IMAGE = input('x', [1, 8, 12, 12])
const FEED = { x: { dims: IMAGE.shape as number[], data: seededFloats('x', Number(product(IMAGE.shape)), u => 4 * u - 2) } }

/** Holds a pass to the values of the graph that it is given. Returns the operators of the new graph. */
export async function sameValues (t: Test, pass: Pass, outputs: Record<string, Tensor>): Promise<string[]> {
  const rewritten = pass({ outputs: new Map(Object.entries(outputs)) }).outputs
  const expected = await run(outputs, FEED)
  const found = await run(Object.fromEntries(rewritten), FEED)
  for (const [name, { dims, data }] of Object.entries(expected)) {
    t.same(found[name]!.dims, dims, name)
    t.ok(maxDifference(found[name]!.data, data) <= 1e-5 * largest(data), name)
  }
  return operators(rewritten.values())
}

export const operators = (outputs: Iterable<Tensor>): string[] => topologicalOrder(outputs).map(({ op }) => op)

/** Numbers for weights, the same for the same name. */
export const numbers = (name: string, count: number): Float32Array => seededFloats(name, count, u => 2 * u - 1)
