import { globMatcher } from './glob.ts'
import type { LayerInfo } from './layers.ts'
import { namesIn } from './names.ts'
import { nearest } from './nearest.ts'

const SUGGESTIONS = 3

/** A requested layer, with the name that the request used. */
export interface ChosenLayer extends LayerInfo { readonly label: string }

/** A name that no layer has. */
export class UnknownLayerError extends Error {
  override readonly name = 'UnknownLayerError'
  readonly layer: string
  readonly nearest: readonly string[]

  /** @param layer empty if no name was given at all */
  constructor (layer: string, nearest: readonly string[]) {
    const problem = layer === '' ? 'expected the name of a layer' : `unknown layer ${layer}`
    super(`${problem}${nearest.length > 0 ? `; the nearest are ${nearest.join(', ')}` : ''}`)
    this.layer = layer
    this.nearest = nearest
  }
}

/**
 * Finds layers by path (`backbone.stage2.0`), short name (`stage2`) or glob (`backbone.stage3.*`), each once, in the order requested.
 * @param text names separated by commas
 * @throws UnknownLayerError with the nearest names, or without any if the name is very long
 */
export function chooseLayers (text: string, layers: readonly LayerInfo[]): ChosenLayer[] {
  const wanted = namesIn(text)
  if (wanted.length === 0) throw new UnknownLayerError('', layers.flatMap(({ alias }) => alias ?? []))
  const layerOf = new Map(layers.flatMap(layer => namesOf(layer).map(name => [name, layer])))
  const chosen = new Map<string, ChosenLayer>()
  for (const label of wanted.flatMap(name => find(name, layers, layerOf))) {
    const layer = layerOf.get(label)!
    if (!chosen.has(layer.name)) chosen.set(layer.name, { ...layer, label })
  }
  return [...chosen.values()]
}

const namesOf = ({ name, alias }: LayerInfo): string[] => alias === undefined ? [name] : [name, alias]

/** The names of matching layers; for each layer, the first name that matches. */
function find (wanted: string, layers: readonly LayerInfo[], layerOf: ReadonlyMap<string, LayerInfo>): string[] {
  if (layerOf.has(wanted)) return [wanted]
  const isWanted = globMatcher(wanted)
  const found = wanted.includes('*') ? layers.flatMap(layer => namesOf(layer).find(isWanted) ?? []) : []
  if (found.length === 0) throw new UnknownLayerError(wanted, nearest(wanted, [...layerOf.keys()], { count: SUGGESTIONS }))
  return found
}
