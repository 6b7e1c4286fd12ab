import { globMatcher } from './glob.ts'
import type { LayerInfo } from './layers.ts'
import { namesIn } from './names.ts'
import { nearest } from './nearest.ts'

const SUGGESTIONS = 3

/** A layer that was asked for, and the name it was asked for by. */
export interface ChosenLayer extends LayerInfo { readonly label: string }

/** Names that no layer has. */
export class UnknownLayerError extends Error {
  override readonly name = 'UnknownLayerError'
  readonly layer: string
  readonly nearest: readonly string[]

  constructor (layer: string, nearest: readonly string[]) {
    super(`there is no layer ${layer}${nearest.length > 0 ? `; the nearest are ${nearest.join(', ')}` : ''}`)
    this.layer = layer
    this.nearest = nearest
  }
}

/**
 * Finds layers by path (`backbone.stage2.0`), short name (`stage2`) or glob (`backbone.stage3.*`), each once, in the order asked for.
 * @param text names separated by commas
 * @throws UnknownLayerError with the nearest names, unless the name is long
 */
export function chooseLayers (text: string, layers: readonly LayerInfo[]): ChosenLayer[] {
  const wanted = namesIn(text)
  if (wanted.length === 0) throw new UnknownLayerError('without a name', layers.flatMap(({ alias }) => alias ?? []))
  const layerOf = new Map(layers.flatMap(layer => namesOf(layer).map(name => [name, layer])))
  const chosen = new Map<string, ChosenLayer>()
  for (const label of wanted.flatMap(name => find(name, layers, layerOf))) {
    const layer = layerOf.get(label)!
    if (!chosen.has(layer.name)) chosen.set(layer.name, { ...layer, label })
  }
  return [...chosen.values()]
}

const namesOf = ({ name, alias }: LayerInfo): string[] => alias === undefined ? [name] : [name, alias]

/** The names of the layers that are meant, of each the first that fits. */
function find (wanted: string, layers: readonly LayerInfo[], layerOf: ReadonlyMap<string, LayerInfo>): string[] {
  if (layerOf.has(wanted)) return [wanted]
  const isWanted = globMatcher(wanted)
  const found = wanted.includes('*') ? layers.flatMap(layer => namesOf(layer).find(isWanted) ?? []) : []
  if (found.length === 0) throw new UnknownLayerError(wanted, nearest(wanted, [...layerOf.keys()], { count: SUGGESTIONS }))
  return found
}
