import { macs, memoryAccess } from '../nn/cost.ts'
import { topologicalOrder } from '../nn/graph.ts'
import { groupBy } from '../nn/group-by.ts'
import type { Node } from '../nn/tensor.ts'
import { zeros } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'
import { guidelines, type Guideline } from './guidelines.ts'
import { trainedSizes } from './layers.ts'
import { buildOnImage, type Network } from './network.ts'

/** Cost for one image. */
export interface Cost {
  /** Trained values. */
  readonly parameters: number
  /** Multiply-accumulate operations of convolutions and matrix products. */
  readonly macs: number
  /** Memory access cost: elements read and written (nn/cost.ts defines it for every operator). */
  readonly accesses: number
}

/** A layer; its cost includes the layers within it. */
export interface LayerSummary extends Cost {
  /** Path in the checkpoint. */
  readonly name: string
  /** The operators that it applies itself, not through inner layers: `Conv 3×3 depthwise`, `Split, Concat, Gather`. */
  readonly kind: string
  /** Of its output; omitted if the layer returns several. */
  readonly shape?: readonly number[]
}

/** All operators of one type. */
export interface OperatorSummary extends Omit<Cost, 'parameters'> { readonly op: string, readonly count: number }

export interface ModelSummary {
  readonly model: string
  /** `[1, 3, height, width]` */
  readonly input: readonly number[]
  /** Whether batch norms are part of the convolutions before them. */
  readonly folded: boolean
  /** A tree in the order of the forward pass, each layer before those within it. */
  readonly layers: readonly LayerSummary[]
  /** The costliest first. */
  readonly operators: readonly OperatorSummary[]
  readonly totals: Cost
  readonly guidelines: readonly Guideline[]
}

/**
 * Lists a model's layers and their costs, from a normalized image to predictions.
 * @param folded with batch norms folded into convolutions, as networks run, or without, as they are trained and published
 */
export function summarize (config: ModelConfig, folded: boolean): ModelSummary {
  const network = buildOnImage(config, zeros(folded))
  const nodes = topologicalOrder([network.predictions])
  return {
    model: config.name,
    input: network.image.shape as readonly number[],
    folded,
    layers: layersOf(network, new Set(nodes)),
    operators: operatorsOf(nodes),
    totals: { parameters: sum(trainedSizes(network), ([, size]) => size), macs: sum(nodes, macs), accesses: sum(nodes, memoryAccess) },
    guidelines: guidelines(nodes)
  }
}

function layersOf (network: Network, used: ReadonlySet<Node>): LayerSummary[] {
  const owned = [...network.owners].filter(([node]) => used.has(node))
  const sizes = trainedSizes(network)
  return treeOf(owned.map(([, path]) => path)).map(path => {
    const own = owned.filter(([, owner]) => owner === path).map(([node]) => node)
    const within = owned.filter(([, owner]) => owner === path || owner.startsWith(`${path}.`)).map(([node]) => node)
    const isLeaf = own.length === within.length
    const untapped = isLeaf ? own.at(-1)!.outputs[0] : undefined // the value before a folded norm has no tap
    const shape = (network.taps.get(path) ?? untapped)?.shape
    return {
      name: path,
      kind: kindOf(own),
      ...(shape && { shape: shape as readonly number[] }),
      parameters: sum(sizes.filter(([name]) => name.startsWith(`${path}.`)), ([, size]) => size),
      macs: sum(within, macs),
      accesses: sum(within, memoryAccess)
    }
  })
}

/** Paths and all their ancestors, parents first, siblings in the given order. */
export function treeOf (paths: readonly string[]): string[] {
  const children = new Map<string, Set<string>>()
  for (const path of paths) {
    const names = path.split('.')
    for (const i of names.keys()) {
      const parent = names.slice(0, i).join('.')
      children.set(parent, (children.get(parent) ?? new Set()).add(names.slice(0, i + 1).join('.')))
    }
  }
  const below = (path: string): string[] => [...children.get(path) ?? []].flatMap(child => [child, ...below(child)])
  return below('')
}

/** Distinct names of operators, with counts above 1. */
function kindOf (nodes: readonly Node[]): string {
  const groups = groupBy(nodes, nameOf)
  return [...groups].map(([name, { length }]) => length > 1 ? `${name} (${length})` : name).join(', ')
}

function nameOf ({ op, inputs }: Node): string {
  if (op !== 'Conv') return op
  const [, perGroup, kernel] = inputs[1]!.shape
  const groups = inputs[0]!.channels / Number(perGroup)
  const grouping = groups === 1 ? '' : perGroup === 1 ? ' depthwise' : ` in ${groups} groups`
  return `Conv ${kernel}×${kernel}${grouping}`
}

function operatorsOf (nodes: readonly Node[]): OperatorSummary[] {
  const groups = groupBy(nodes, ({ op }) => op)
  return [...groups].map(([op, nodes]) => ({ op, count: nodes.length, macs: sum(nodes, macs), accesses: sum(nodes, memoryAccess) }))
    .sort((a, b) => b.macs - a.macs || b.accesses - a.accesses)
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)
