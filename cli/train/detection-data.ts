import { join } from 'node:path'
import type { Size } from '../../head/decode/boxes.ts'
import type { DetectionExample, TruthBox } from '../../training/spec.ts'
import { groupBy, type Annotation, type Dataset, type GroundTruth, type Id } from '../eval/ground-truth.ts'
import { isObject, type LabeledSet } from './labeled-set.ts'

/** The photos of a run, with their objects. */
export interface DetectionData {
  /** The classes of the model. */
  readonly labels: readonly string[]
  readonly train: readonly DetectionExample[]
  readonly validation: readonly DetectionExample[]
  /** The validation photos to score: ids are their indices, categories the indices of labels. */
  readonly truth: GroundTruth
  /** Pixels of each photo to train, as displayed. */
  readonly sizes: readonly Size[]
}

/** @param train a checked set, as `validation` is */
export function detectionData (train: LabeledSet, validation: LabeledSet): DetectionData {
  const labels = train.dataset.categories.map(({ name }) => name)
  return {
    labels,
    train: examplesOf(train, labels),
    validation: examplesOf(validation, labels),
    truth: truthOf(validation.dataset, labels),
    sizes: train.dataset.images.map(({ file_name: file }) => sizeOf(train, file))
  }
}

function examplesOf (set: LabeledSet, labels: readonly string[]): DetectionExample[] {
  const labelOf = labelIndices(set.dataset, labels)
  const objects = groupBy(set.dataset.annotations.filter(isObject), 'image_id')
  return set.dataset.images.map(({ id, file_name: file }) => {
    const size = sizeOf(set, file)
    const boxes = (objects.get(id) ?? [])
      .map(({ category_id: category, bbox }) => ({ box: corners(bbox, size), label: labelOf.get(category)! }))
    return { path: join(set.folder, file), objects: withoutRepeated(boxes) }
  })
}

/** Of a photo that was read. */
const sizeOf = ({ photos }: LabeledSet, file: string): Size => photos.get(file) as Size

/** The index of each category's label. */
const labelIndices = ({ categories }: Dataset, labels: readonly string[]): Map<Id, number> =>
  new Map(categories.map(({ id, name }) => [id, labels.indexOf(name)]))

/** Clipped to the photo. */
function corners ([x, y, width, height]: Annotation['bbox'], size: Size): TruthBox['box'] {
  return [Math.max(0, x), Math.max(0, y), Math.min(size.width, x + width), Math.min(size.height, y + height)]
}

const withoutRepeated = (boxes: readonly TruthBox[]): TruthBox[] => [...new Map(boxes.map(box => [JSON.stringify(box), box])).values()]

function truthOf (dataset: Dataset, labels: readonly string[]): GroundTruth {
  const labelOf = labelIndices(dataset, labels)
  const indexOf = new Map(dataset.images.map(({ id }, i) => [id, i]))
  return {
    images: dataset.images.map(({ file_name: file }, id) => ({ id, file_name: file })),
    annotations: dataset.annotations.map(annotation =>
      ({ ...annotation, image_id: indexOf.get(annotation.image_id)!, category_id: labelOf.get(annotation.category_id)! })),
    categories: labels.map((name, id) => ({ id, name }))
  }
}
