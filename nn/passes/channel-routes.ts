import type { Node, Tensor } from '../tensor.ts'
import { roleOf, type Role } from './channel-roles.ts'

/** A channel at its origin: in a tensor that computes it. */
export interface Channel { readonly origin: Tensor, readonly index: number }
export type Route = readonly Channel[]

/** Follows channels back through concatenations, splits and shuffles to the tensors that compute them. */
export class Routes {
  readonly #routes = new Map<Tensor, Route>()
  readonly #roles = new Map<Node, Role>()

  /** The origin of each channel of a map. */
  of (x: Tensor): Route {
    const route = this.#routes.get(x) ?? this.#follow(x)
    this.#routes.set(x, route)
    return route
  }

  /** A node's role for channels. A node that passes a channel on twice is opaque. */
  role (node: Node): Role {
    const role = this.#roles.get(node) ?? this.#judge(node)
    this.#roles.set(node, role)
    return role
  }

  #judge (node: Node): Role {
    const role = roleOf(node)
    return role === 'routing' && !node.outputs.every(x => isInjective(this.#through(node, x))) ? 'opaque' : role
  }

  #follow (x: Tensor): Route {
    if (x.source.kind === 'node' && this.role(x.source.node) === 'routing') return this.#through(x.source.node, x)
    return Array.from({ length: x.channels }, (_, index) => ({ origin: x, index }))
  }

  #through ({ op, inputs, outputs }: Node, x: Tensor): Route {
    if (op === 'Concat') return inputs.flatMap(part => this.of(part!))
    const read = this.of(inputs[0]!)
    if (op === 'Gather') return integersOf(inputs[1]!).map(i => read[i]!)
    const start = outputs.slice(0, outputs.indexOf(x)).reduce((total, part) => total + part.channels, 0)
    return read.slice(start, start + x.channels)
  }
}

function isInjective (route: Route): boolean {
  const indices = new Map<Tensor, Set<number>>()
  for (const { origin, index } of route) indices.set(origin, (indices.get(origin) ?? new Set()).add(index))
  return [...indices.values()].reduce((total, { size }) => total + size, 0) === route.length
}

const integersOf = ({ source }: Tensor): number[] => source.kind === 'constant' ? Array.from(source.data as BigInt64Array, Number) : []
