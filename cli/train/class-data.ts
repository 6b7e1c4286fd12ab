import { join } from 'node:path'
import type { ClassificationExample } from '../../training/spec.ts'
import { random, shuffled } from '../../training/random.ts'
import { groupBy } from '../eval/ground-truth.ts'
import { copiesIn, labelsOf } from './check-classes.ts'
import type { ClassPhoto, ClassSet, ClassSets } from './class-set.ts'
import { VALIDATION_SHARE } from './options.ts'

/** Validating on more photos takes time and tells little more. */
const MAX_VALIDATED = 2000

/** The photos of a run, with the indices of their classes. */
export interface ClassData {
  /** The classes of the model. */
  readonly labels: readonly string[]
  readonly train: readonly ClassificationExample[]
  readonly validation: readonly ClassificationExample[]
}

/**
 * The photos to train and to validate. Without a set to validate, a share of each class serves, drawn by seed; copies of a photo stay
 * together, and each class keeps photos to train.
 */
export function classData ({ train, validation }: ClassSets, { valShare = VALIDATION_SHARE, seed }: SplitOptions): ClassData {
  const labels = labelsOf(train)
  const examples = (set: ClassSet, photos = set.photos) => examplesOf(set.folder, photos, labels)
  if (validation) return { labels, train: examples(train), validation: examples(validation) }
  const share = Math.min(valShare, MAX_VALIDATED / train.photos.length)
  const held = new Set(labels.flatMap(label => heldOut(train, label, share, seed)))
  const part = (isHeld: boolean) => examples(train, train.photos.filter(photo => held.has(photo) === isHeld))
  return { labels, train: part(false), validation: part(true) }
}

interface SplitOptions { readonly valShare?: number | undefined, readonly seed: number }

function heldOut ({ photos, facts }: ClassSet, label: string, share: number, seed: number): ClassPhoto[] {
  const own = photos.filter(photo => photo.label === label)
  const wanted = share === 0 ? 0 : Math.min(own.length - 1, Math.max(1, Math.round(share * own.length)))
  const groups = [...copiesIn({ photos: own, facts }).values()].sort(([a], [b]) => a!.file < b!.file ? -1 : 1)
  const held: ClassPhoto[] = []
  for (const copies of shuffled(groups, random(seed, 'split', label))) {
    if (held.length + copies.length <= wanted) held.push(...copies)
  }
  return held
}

function examplesOf (folder: string, photos: readonly ClassPhoto[], labels: readonly string[]): ClassificationExample[] {
  const indices = new Map(labels.map((label, i) => [label, i]))
  return photos.map(({ file, label }) => ({ path: join(folder, file), label: indices.get(label)! }))
}

/** Photos of each class, in the order of the labels. */
export function photosByClass (examples: readonly ClassificationExample[], labels: readonly string[]): number[] {
  const counts = groupBy(examples, 'label')
  return labels.map((_, i) => counts.get(i)?.length ?? 0)
}
