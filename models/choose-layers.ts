import { distance } from 'fastest-levenshtein'
import type { LayerInfo } from './layers.ts'

const SUGGESTIONS = 3

/** A layer that was asked for, and the name it was asked for by. */
export interface ChosenLayer extends LayerInfo { readonly label: string }

/** Names that no layer has. */
export class UnknownLayerError extends Error {
  override readonly name = 'UnknownLayerError'
  readonly layer: string
  readonly nearest: readonly string[]

  constructor (layer: string, nearest: readonly string[]) {
    super(`there is no layer ${layer}; the nearest are ${nearest.join(', ')}`)
    this.layer = layer
    this.nearest = nearest
  }
}

/**
 * Finds layers by path (`backbone.stage2.0`), short name (`stage2`) or glob (`backbone.stage3.*`), each once, in the order asked for.
 * @param text names separated by commas
 * @throws UnknownLayerError with the nearest names
 */
export function chooseLayers (text: string, layers: readonly LayerInfo[]): ChosenLayer[] {
  const chosen = new Map<string, ChosenLayer>()
  for (const name of text.split(',').map(name => name.trim()).filter(name => name !== '')) {
    for (const layer of find(name, layers)) if (!chosen.has(layer.name)) chosen.set(layer.name, layer)
  }
  if (chosen.size === 0) throw new UnknownLayerError('without a name', layers.flatMap(({ alias }) => alias ?? []))
  return [...chosen.values()]
}

function find (wanted: string, layers: readonly LayerInfo[]): ChosenLayer[] {
  const isWanted = wanted.includes('*') ? globMatcher(wanted) : (name: string) => name === wanted
  const found = layers.flatMap(layer => {
    const label = [layer.name, layer.alias].find(name => name !== undefined && isWanted(name))
    return label === undefined ? [] : [{ ...layer, label }]
  })
  if (found.length === 0) throw new UnknownLayerError(wanted, nearest(wanted, layers))
  return found
}

/** `*` stands for anything, dots included: `backbone.stage3.*` is all of stage 3. */
function globMatcher (glob: string): (name: string) => boolean {
  const pattern = new RegExp(`^${glob.split('*').map(text => text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&')).join('.*')}$`)
  return name => pattern.test(name)
}

function nearest (wanted: string, layers: readonly LayerInfo[]): string[] {
  const names = layers.flatMap(({ name, alias }) => alias === undefined ? [name] : [alias, name])
  return names.toSorted((a, b) => distance(a, wanted) - distance(b, wanted)).slice(0, SUGGESTIONS)
}
