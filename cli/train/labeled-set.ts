import { readDataset } from '../eval/dataset.ts'
import type { Annotation, Dataset, Id } from '../eval/ground-truth.ts'
import { isOptional } from '../eval/coco-matching.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import type { TrainOptions } from './options.ts'
import { readPhotoFacts, type PhotoFacts } from './photo-facts.ts'

/** Annotated photos of one folder, as read. */
export interface LabeledSet {
  readonly folder: string
  readonly dataset: Dataset
  /** By file name, what is known of each photo, or why it can't be read. */
  readonly photos: ReadonlyMap<string, PhotoFacts | string>
}

/** The sets that the options name; `validation` is undefined if a share of the photos serves. */
export interface LabeledSets { readonly train: LabeledSet, readonly validation: LabeledSet | undefined }

/** @throws CommandError naming files that can't be used, UsageError if the options contradict each other */
export async function readLabeledSets (options: TrainOptions, io: Io): Promise<LabeledSets> {
  const { images, annotations, valImages, valAnnotations, valShare } = options
  if (annotations === undefined) throw new UsageError('--annotations: expected a file or a folder, since a detector is trained')
  const isSeparate = valImages !== undefined || valAnnotations !== undefined
  if (isSeparate && valShare !== undefined) throw new UsageError('--val-share: not with --val-images or --val-annotations')
  const read = async (images: string, annotations: string): Promise<LabeledSet> => {
    const { format, classNames } = options
    const dataset = await readDataset({ images, annotations, format, classNames, fallback: undefined })
    return { folder: images, dataset, photos: await readPhotoFacts(images, dataset.images.map(image => image.file_name), io) }
  }
  return {
    train: await read(images, annotations),
    validation: isSeparate ? await read(valImages ?? images, valAnnotations ?? annotations) : undefined
  }
}

/** Whether an annotation is an object to learn: neither a crowd nor difficult. */
export const isObject = (annotation: Annotation): boolean => !isOptional(annotation)

/** The file name of each image by its id. */
export const filesById = ({ images }: Dataset): Map<Id, string> => new Map(images.map(({ id, file_name: file }) => [id, file]))
