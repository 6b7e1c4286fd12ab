import { SourceError } from '../errors.ts'
import type { CocoAnnotations, CocoId } from './coco-annotations.ts'

/** Marks a path that several images end with. */
const SEVERAL = Symbol('several')

/**
 * Finds the ids of a run's images in annotations, which may name them by longer or shorter paths: `val/1.jpg` is `photos/val/1.jpg`, and
 * `/data/photos/val/1.jpg`. The longest path that is the end of the other counts.
 */
export class ImageIds {
  readonly #path: string
  readonly #images: CocoAnnotations['images']
  /** By whole paths. */
  readonly #idOf: ReadonlyMap<string, CocoId | typeof SEVERAL>
  /** By the ends of their paths; most runs don't need it. */
  #idOfEnd: ReadonlyMap<string, CocoId | typeof SEVERAL> | undefined
  readonly #found = new Set<CocoId>()

  /** @param path of the annotations, for messages */
  constructor (path: string, images: CocoAnnotations['images']) {
    this.#path = path
    this.#images = images
    this.#idOf = byPath(images, file => endsOf(file).slice(0, 1))
  }

  /** @returns undefined if it is not listed. @throws SourceError if it may be several images, or the same as one before */
  find (file: string): CocoId | undefined {
    const ends = endsOf(file)
    const listed = ends.map(end => this.#idOf.get(end)).find(id => id !== undefined)
    const id = listed ?? this.#ends().get(ends[0]!)
    if (id === SEVERAL) throw new SourceError(`${this.#path}: ${file} may be several of its images; keep the folders of the data set`)
    if (id === undefined) return undefined
    if (this.#found.has(id)) throw new SourceError(`${this.#path}: ${file} and another image of the run are both its image ${id}; keep the folders of the data set`)
    this.#found.add(id)
    return id
  }

  #ends (): ReadonlyMap<string, CocoId | typeof SEVERAL> {
    this.#idOfEnd ??= byPath(this.#images, endsOf)
    return this.#idOfEnd
  }
}

function byPath (images: CocoAnnotations['images'], pathsOf: (file: string) => readonly string[]): Map<string, CocoId | typeof SEVERAL> {
  const ids = new Map<string, CocoId | typeof SEVERAL>()
  for (const { id, file_name: file } of images) {
    for (const path of pathsOf(file)) ids.set(path, ids.has(path) && ids.get(path) !== id ? SEVERAL : id)
  }
  return ids
}

/** `a/b/c.jpg`, `b/c.jpg`, `c.jpg` */
function endsOf (file: string): string[] {
  const parts = file.split('/').filter(part => part !== '' && part !== '.')
  return parts.map((_, i) => parts.slice(i).join('/'))
}
