/** Which of a data set's categories are which of a model's classes. */
import { LabelError } from './labels.ts'

/** Names of Pascal VOC, as COCO calls them. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['aeroplane', 'airplane'], ['motorbike', 'motorcycle'], ['sofa', 'couch'], ['tvmonitor', 'tv']
])

interface NamedCategory<Id> { readonly id: Id, readonly name: string }

export interface CategoryMatch<Id> {
  /** The category of each of the model's classes; undefined if the data set does not have it. */
  readonly idOfClass: ReadonlyArray<Id | undefined>
  /** Categories that are none of the model's classes. */
  readonly unknown: readonly NamedCategory<Id>[]
}

/**
 * Matches by name: `Traffic light`, `traffic_light` and `traffic light` are the same, but an exact match comes first.
 * @throws LabelError if nothing matches
 */
export function matchCategories<Id> (
  categories: readonly NamedCategory<Id>[], labels: readonly string[], model: string
): CategoryMatch<Id> {
  const exact = new Map(categories.map(({ id, name }) => [name, id]))
  const loose = new Map(categories.map(({ id, name }) => [normalize(name), id]))
  const idOfClass = labels.map(label => exact.get(label) ?? loose.get(normalize(label)))
  const known = new Set(idOfClass)
  const unknown = categories.filter(({ id }) => !known.has(id))
  if (unknown.length < categories.length) return { idOfClass, unknown }
  const names = `${some(categories.map(({ name }) => name))} against ${some(labels)}`
  throw new LabelError(`the data set has none of the classes of ${model}: ${names}`)
}

/** Names that differ only in case, spaces and punctuation become equal. */
export function normalize (name: string): string {
  const letters = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  return SYNONYMS.get(letters) ?? letters
}

const some = (names: readonly string[]): string => names.slice(0, 3).join(', ') + (names.length > 3 ? ' …' : '')
