/** The ids of images and categories in COCO's files. */
import { counted } from '../../engine/numbers.ts'
import { matchCategories } from '../../models/categories.ts'
import { categoryIds } from '../../models/labels.ts'
import { SourceError } from '../errors.ts'
import { readAnnotations, type CocoId } from './coco-annotations.ts'
import { ImageIds } from './image-ids.ts'

export interface CocoIds {
  /**
   * @param number the image's, from 1
   * @returns undefined for an image that the annotations don't list
   * @throws SourceError if it is ambiguous
   */
  image (file: string, number: number): CocoId | undefined
  /** @returns undefined for a class that the annotations don't have */
  category (classId: number): CocoId | undefined
  readonly categories: ReadonlyArray<{ readonly id: CocoId, readonly name: string }>
  /** What the annotations lack, a sentence each, of the images so far. */
  notes (): string[]
}

/** Images by their number, categories as POST /detect?format=coco numbers them. */
export function numberedIds (labels: readonly string[]): CocoIds {
  const ids = categoryIds(labels)
  return {
    image: (_, number) => number,
    category: classId => ids[classId],
    categories: labels.map((name, classId) => ({ id: ids[classId]!, name })),
    notes: () => []
  }
}

/** Those of an annotations file: images by path, categories by name. @throws SourceError naming the file */
export async function annotatedIds (path: string, labels: readonly string[]): Promise<CocoIds> {
  const { images, categories } = await readAnnotations(path)
  const { idOfClass } = matched(path, categories, labels)
  const ids = new ImageIds(path, images)
  let unlisted = 0
  return {
    image (file) {
      const id = ids.find(file)
      if (id === undefined) unlisted += 1
      return id
    },
    category: classId => idOfClass[classId],
    categories,
    notes: () => [
      ...lacking(path, unlisted, 'image'),
      ...lacking(path, idOfClass.filter(id => id === undefined).length, 'class')
    ]
  }
}

function matched (path: string, categories: CocoIds['categories'], labels: readonly string[]) {
  try {
    return matchCategories(categories, labels, 'the model')
  } catch (cause) {
    throw new SourceError(`${path}: ${(cause as Error).message}`, { cause })
  }
}

const NOUNS = { image: (count: number) => counted(count, 'image'), class: (count: number) => count === 1 ? '1 class' : `${count} classes` }

const lacking = (path: string, count: number, noun: keyof typeof NOUNS): string[] =>
  count === 0 ? [] : [`left out ${NOUNS[noun](count)} that ${path} does not list`]
