import { random, shuffled } from '../../training/random.ts'
import { groupBy, type Dataset, type Id, type TruthImage } from '../eval/ground-truth.ts'
import { isObject, type LabeledSet } from './labeled-set.ts'

/** Validating on more photos takes time and tells little more. */
const MAX_VALIDATED = 500

/**
 * Splits a set by seed. Photos with the same bytes stay together, and the last photos of a class are to train. The same files give the same
 * parts, in whatever order they are listed.
 * @param share of the photos that are to validate; at least one is, unless it is 0
 */
export function splitSet (set: LabeledSet, share: number, seed: number): { train: LabeledSet, validation: LabeledSet } {
  const { dataset } = set
  const groups = [...groupsOf(set)].sort(([a], [b]) => a < b ? -1 : 1).map(([, images]) => images)
  const wanted = share === 0 ? 0 : Math.min(MAX_VALIDATED, Math.max(1, Math.round(share * dataset.images.length)))
  const chosen = new Set<Id>()
  const left = new ClassCounts(dataset)
  for (const images of shuffled(groups, random(seed, 'split'))) {
    if (chosen.size + images.length > wanted || !left.canSpare(images)) continue
    left.take(images)
    for (const { id } of images) chosen.add(id)
  }
  return { train: part(set, ({ id }) => !chosen.has(id)), validation: part(set, ({ id }) => chosen.has(id)) }
}

/** Images with the same bytes, by the first of their names. */
function groupsOf ({ dataset, photos }: LabeledSet): Map<string, TruthImage[]> {
  const hashOf = (file: string): string => {
    const facts = photos.get(file)
    return typeof facts === 'object' ? facts.hash : file
  }
  const byHash = groupBy(dataset.images.map(image => ({ image, hash: hashOf(image.file_name) })), 'hash')
  return new Map([...byHash.values()].map(same => {
    const images = same.map(({ image }) => image).sort((a, b) => a.file_name < b.file_name ? -1 : 1)
    return [images[0]!.file_name, images]
  }))
}

/** In how many photos each class is left to train. */
class ClassCounts {
  readonly #classesOf: Map<Id, Set<Id>>
  readonly #photos = new Map<Id, number>()

  constructor ({ annotations }: Dataset) {
    const objects = groupBy(annotations.filter(isObject), 'image_id')
    this.#classesOf = new Map([...objects].map(([id, own]) => [id, new Set(own.map(({ category_id: category }) => category))]))
    for (const id of [...this.#classesOf.values()].flatMap(classes => [...classes])) this.#add(id, 1)
  }

  canSpare (images: readonly TruthImage[]): boolean {
    return this.#in(images).every(id => this.#photos.get(id)! > images.length)
  }

  take (images: readonly TruthImage[]): void { for (const id of this.#in(images)) this.#add(id, -1) }

  #in (images: readonly TruthImage[]): Id[] { return images.flatMap(({ id }) => [...this.#classesOf.get(id) ?? []]) }

  #add (id: Id, count: number): void { this.#photos.set(id, (this.#photos.get(id) ?? 0) + count) }
}

function part (set: LabeledSet, isIn: (image: TruthImage) => boolean): LabeledSet {
  const images = set.dataset.images.filter(isIn)
  const ids = new Set(images.map(({ id }) => id))
  const annotations = set.dataset.annotations.filter(({ image_id: id }) => ids.has(id))
  return { ...set, dataset: { ...set.dataset, images, annotations } }
}
