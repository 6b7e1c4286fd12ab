/** The results of a profiled run as plain data. */
import { treeOf } from '../../models/summary.ts'
import { median, rounded } from '../numbers.ts'
import type { StepTimes } from '../results.ts'
import type { OperatorTime } from './events.ts'
import type { NodeLayers } from './node-layers.ts'

export interface ProfileInput {
  /** Empty: the picture is blank. */
  readonly bytes: Uint8Array
  /** Maximum number of measured runs. */
  readonly runs: number
  /** Names of the model's layers. */
  readonly layers: readonly string[]
}

/** An operator of the runtime. */
export interface NodeTime extends OperatorTime {
  /** The layer that it counts for; omitted before the first layer. */
  readonly layer?: string
}

export interface LayerTime { readonly name: string, readonly ms: number }

/** Medians over runs, in milliseconds. The outermost layers and `otherMs` add up to the nodes. */
export interface ProfileReport {
  /** The whole run, as its caller sees it: also the overhead of the runtime and of measuring. */
  readonly totalMs: number
  /** A tree, parents first; a layer includes its inner layers. Layers of an ONNX file's graph form no tree. */
  readonly layers: readonly LayerTime[]
  /** Nodes of no layer, such as the conversion of the image. */
  readonly otherMs: number
  /** In the order that they run. */
  readonly nodes: readonly NodeTime[]
}

export interface ProfileOutput extends ProfileReport {
  /** Number of measured runs. */
  readonly runs: number
  readonly threads: number
  readonly times: StepTimes
}

/** What the runtime appends to the names of operators that it changes. */
const CHANGED = /(_nchwc|_token_\d+)+$/
/** Half a microsecond, the finest median of an even number of runs, is exact. */
const DECIMALS = 4

/**
 * Sums up runs.
 * @param totals milliseconds of each run
 * @param isTree whether names of layers are paths
 */
export function reportOf (
  runs: ReadonlyArray<readonly OperatorTime[]>, totals: readonly number[], known: NodeLayers, isTree: boolean
): ProfileReport {
  const nodes = withLayers(medians(runs), known)
  const paths = nodes.flatMap(({ layer }) => layer ?? [])
  const layers = isTree ? treeOf(paths) : [...new Set(paths)]
  const msOf = (counts: (layer: string | undefined) => boolean): number => sum(nodes.filter(({ layer }) => counts(layer)))
  return {
    totalMs: rounded(median(totals), DECIMALS),
    layers: layers.map(name => ({ name, ms: msOf(layer => layer === name || (isTree && layer?.startsWith(`${name}.`) === true)) })),
    otherMs: msOf(layer => layer === undefined),
    nodes
  }
}

const sum = (nodes: readonly NodeTime[]): number => rounded(nodes.reduce((total, { ms }) => total + ms, 0), DECIMALS)

/** The median of each operator. The runtime may give several of its own the same name: these are one. */
function medians (runs: ReadonlyArray<readonly OperatorTime[]>): OperatorTime[] {
  const times = new Map<string, { readonly op: string, readonly ms: number[] }>()
  for (const [i, run] of runs.entries()) {
    for (const { name, op, ms } of run) {
      const known = times.get(name) ?? { op, ms: runs.map(() => 0) }
      known.ms[i]! += ms
      times.set(name, known)
    }
  }
  return [...times].map(([name, { op, ms }]) => ({ name, op, ms: rounded(median(ms), DECIMALS) }))
}

/** The runtime adds operators that convert layouts: they count for the layer of the operator before them. */
function withLayers (operators: readonly OperatorTime[], known: NodeLayers): NodeTime[] {
  let layer: string | undefined
  return operators.map(({ name: full, op, ms }) => {
    const inGraph = known.has(full) ? full : full.replace(CHANGED, '')
    const name = known.has(inGraph) ? inGraph : full
    if (known.has(name)) layer = known.get(name)
    return { name, op, ...(layer !== undefined && { layer }), ms }
  })
}
