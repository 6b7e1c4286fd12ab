/**
 * Reverse-mode differentiation: the gradients of a graph as a graph of inference operators, so that the same runtime computes them.
 */
import { GradientError, NetworkError } from '../errors.ts'
import { topologicalOrder } from '../graph.ts'
import { node } from '../node.ts'
import type { Node, Tensor } from '../tensor.ts'
import { zerosLike } from './broadcasting.ts'
import { sizesOf, type Gradients } from './rule.ts'
import { RULES } from './rules.ts'

export interface GradientOptions {
  /** Tensors that count as constants: no gradient flows through them. */
  readonly detached?: ReadonlySet<Tensor>
  /** The layer that applied each operator, for errors: `scope.owners`. */
  readonly owners?: ReadonlyMap<Node, string>
}

/**
 * The gradients of Σ outputs · outputGradients with respect to `wrt`, in its order, each of the shape of its tensor. Only nodes between
 * `wrt` and `outputs` are differentiated, so constants and frozen parameters cost nothing.
 * @param outputGradients of the outputs' shapes
 * @throws GradientError naming the operator without a rule, and its layer
 * @throws ShapeError naming the layer of an operator on sizes that are known only by name
 */
export function gradients (
  outputs: readonly Tensor[], outputGradients: readonly Tensor[], wrt: readonly Tensor[], { detached, owners }: GradientOptions = {}
): Tensor[] {
  const nodes = topologicalOrder(outputs)
  const reached = reachedFrom(wrt, nodes, detached)
  const sums = new GradientSums()
  outputs.forEach((x, i) => sums.add(x, outputGradients[i]!))
  for (const made of nodes.toReversed()) {
    const wanted = made.inputs.map(x => x !== undefined && reached.has(x))
    const given = made.outputs.map(x => reached.has(x) ? sums.of(x) : undefined)
    if (!wanted.includes(true) || given.every(x => x === undefined)) continue
    gradientsOf(made, given, wanted, owners?.get(made)).forEach((gradient, i) => {
      if (gradient && wanted[i]) sums.add(made.inputs[i]!, gradient)
    })
  }
  return wrt.map(x => sums.of(x) ?? zerosLike(x))
}

/** The gradients of a node's inputs by its rule. Errors name the layer. */
function gradientsOf (made: Node, given: Gradients, wanted: readonly boolean[], layer: string | undefined): Gradients {
  try {
    const rule = RULES[made.op]
    if (!rule) throw new GradientError(made.op)
    made.inputs.forEach((x, i) => { if (wanted[i]) sizesOf(x!) })
    return rule(made, given, wanted)
  } catch (error) {
    if (error instanceof NetworkError) error.path ??= layer
    throw error
  }
}

/** The tensors that depend on `wrt`. Masks and counts pass no gradients on, whatever they are cast to. */
function reachedFrom (wrt: readonly Tensor[], nodes: readonly Node[], detached: ReadonlySet<Tensor> = new Set()): Set<Tensor> {
  const reached = new Set(wrt)
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some(x => x && reached.has(x))) continue
    for (const x of outputs) if (!detached.has(x) && x.type === 'float32') reached.add(x)
  }
  return reached
}

/** The sums of the gradients that tensors get from their readers. */
class GradientSums {
  readonly #parts = new Map<Tensor, Tensor[]>()

  add (x: Tensor, gradient: Tensor): void {
    const parts = this.#parts.get(x)
    if (parts) parts.push(gradient)
    else this.#parts.set(x, [gradient])
  }

  /** One tensor; undefined if nothing has been added. */
  of (x: Tensor): Tensor | undefined {
    const parts = this.#parts.get(x) ?? []
    if (parts.length > 1) parts.splice(0, parts.length, node('Sum', [...parts], x.shape))
    return parts[0]
  }
}
