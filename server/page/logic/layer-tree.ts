/** The layers of a model as a tree, by the paths that are their names. */
import { isMap } from '../../../engine/features/array.ts'
import type { Layer, Summary } from '../../../client/types.ts'

export interface LayerNode {
  /** Path in the checkpoint. */
  readonly name: string
  /** The last part of the path. */
  readonly title: string
  /** 1 for the outermost. */
  readonly level: number
  readonly alias?: string | undefined
  /** Operators that it applies itself. */
  readonly kind?: string | undefined
  readonly shape?: readonly number[] | undefined
  readonly stride?: number | undefined
  readonly parameters?: number | undefined
  readonly macs?: number | undefined
  /** Why it cannot be shown on a photo, if so. */
  readonly obstacle?: string | undefined
  readonly children: readonly LayerNode[]
}

const NO_VALUE = 'Cannot be shown: its batch norm is folded into it, so that its own output is never computed'
const SEVERAL = 'Cannot be shown: it has several outputs. Open it to see them'
const NOT_A_MAP = 'Cannot be shown: its output is not a feature map'

type Facts = Omit<LayerNode, 'title' | 'level' | 'children'>

/** @param summary models of ONNX files have none */
export function layerTree (layers: readonly Layer[], summary?: Summary): LayerNode[] {
  const known = new Map(layers.map(layer => [layer.name, layer]))
  const costs = new Map((summary?.layers ?? []).map(cost => [cost.name, cost]))
  const names = new Set([...costs.keys(), ...known.keys()].flatMap(name => summary ? [...ancestors(name), name] : [name]))
  const children = new Map<string, string[]>()
  for (const name of names) {
    const parent = ancestors(name).findLast(ancestor => names.has(ancestor)) ?? ''
    children.set(parent, [...children.get(parent) ?? [], name])
  }
  const build = (name: string, level: number): LayerNode => {
    const parent = ancestors(name).findLast(ancestor => names.has(ancestor)) ?? ''
    return {
      ...factsOf(name, known.get(name), costs.get(name), children.has(name)),
      title: name.slice(parent.length).replace(/^\./, ''),
      level,
      children: (children.get(name) ?? []).map(child => build(child, level + 1))
    }
  }
  return (children.get('') ?? []).map(name => build(name, 1))
}

function factsOf (name: string, layer: Layer | undefined, cost: Summary['layers'][number] | undefined, hasChildren: boolean): Facts {
  return {
    name,
    alias: layer?.alias,
    kind: cost?.kind,
    shape: layer?.shape ?? cost?.shape,
    stride: layer?.stride,
    parameters: cost?.parameters ?? layer?.parameters,
    macs: cost?.macs,
    obstacle: obstacleOf(layer, hasChildren)
  }
}

function obstacleOf (layer: Layer | undefined, hasChildren: boolean): string | undefined {
  if (!layer) return hasChildren ? SEVERAL : NO_VALUE
  return isMap(layer.shape) ? undefined : NOT_A_MAP
}

/** The paths around a path, outermost first: `a`, `a.b` for `a.b.c`; the layer for its value at a level, `a.b@p3`. */
function ancestors (name: string): string[] {
  const [place, level] = name.split('@') as [string, string?]
  const parts = place.split('.')
  const around = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'))
  return level === undefined ? around : [...around, place]
}

/** The rows on view: the children of open nodes only. */
export function openRows (nodes: readonly LayerNode[], open: ReadonlySet<string>): LayerNode[] {
  return nodes.flatMap(node => [node, ...open.has(node.name) ? openRows(node.children, open) : []])
}

/** The short name if there is one: what requests and the address use. */
export const idOf = ({ name, alias }: Pick<LayerNode, 'name' | 'alias'>): string => alias ?? name

/** `116 × 52 × 52`: channels, height and width. */
export const shapeText = (shape: readonly number[]): string => shape.slice(shape.length === 4 ? 1 : 0).join(' × ')

/** `950 k`, `1.2 M` */
export function compact (count: number): string {
  const [unit, divisor] = ([['G', 1e9], ['M', 1e6], ['k', 1e3]] as const).find(([, size]) => count >= size) ?? ['', 1]
  return `${Number((count / divisor).toPrecision(3))}${unit && ' '}${unit}`
}
