/** Reads COCO's instances format, leniently: many tools leave out fields that detection doesn't need. */
import { z } from 'zod'
import { counted } from '../../engine/numbers.ts'
import type { Size } from '../../head/decode/boxes.ts'
import { CommandError } from '../errors.ts'
import { readInput } from '../files.ts'
import { uniqueById } from './coco-ap.ts'
import type { Annotation, Dataset, Id } from './ground-truth.ts'
import { parseJson } from './parse-json.ts'
import { firstOf } from './problems.ts'

const REPEATED_ID = ': each stands for the last annotation with it, as in pycocotools'

const id = z.union([z.number(), z.string()])
const annotationSchema = z.object({
  id: id.optional(),
  image_id: id,
  category_id: id,
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  area: z.number().nullish(),
  iscrowd: z.union([z.literal([0, 1]), z.boolean()]).nullish()
})
const fileSchema = z.object({
  images: z.array(z.object({ id, file_name: z.string(), width: z.unknown().optional(), height: z.unknown().optional() })).min(1),
  annotations: z.array(annotationSchema),
  categories: z.array(z.object({ id, name: z.string() }))
})
type CocoFile = z.output<typeof fileSchema>
type FileAnnotation = z.output<typeof annotationSchema>

/**
 * The ground truth of a COCO file. Of images, annotations and categories with the same id the last counts, as in
 * pycocotools; a missing area is that of the box.
 * @throws CommandError naming the file and its first fault
 */
export async function readCocoFile (path: string): Promise<Dataset> {
  const parsed = fileSchema.safeParse(parseJson(path, await readInput(path)))
  if (!parsed.success) {
    const { path: place, message } = parsed.error.issues[0]!
    throw new CommandError(`${path}: not a COCO instances file: ${[...place, message].join(': ')}`)
  }
  const { annotations, categories } = parsed.data
  const images = uniqueById(parsed.data.images)
  const [faults, sizes] = [faultsOf(parsed.data), sizesOf(images)]
  return {
    images: images.map(({ id, file_name: file }) => ({ id, file_name: file })),
    annotations: lastById(annotations).map(toAnnotation),
    categories: uniqueById(categories),
    notes: notesOn(parsed.data, images),
    ...sizes.size > 0 && { sizes },
    ...faults.length > 0 && { faults }
  }
}

/** Of the images that have a size. */
function sizesOf (images: CocoFile['images']): Map<Id, Size> {
  return new Map(images.flatMap(({ id, width, height }) =>
    typeof width === 'number' && typeof height === 'number' ? [[id, { width, height }]] : []))
}

function faultsOf ({ images, annotations, categories }: CocoFile): string[] {
  const repeated = (noun: string, ids: ReadonlyArray<Id | undefined>): string[] => {
    const seen = new Set<Id>()
    const twice = new Set(ids.filter(id => id !== undefined && (seen.has(id) || !seen.add(id))))
    return twice.size === 0 ? [] : [`${noun} id used more than once: ${firstOf([...twice].map(String))}`]
  }
  const ids = (items: ReadonlyArray<{ id?: Id | undefined }>) => items.map(({ id }) => id)
  return [...repeated('image', ids(images)), ...repeated('annotation', ids(annotations)), ...repeated('category', ids(categories))]
}

/** pycocotools looks annotations up by id: one whose id occurs again stands for the last of them. */
function lastById (annotations: readonly FileAnnotation[]): FileAnnotation[] {
  const byId = new Map(annotations.map(annotation => [annotation.id, annotation]))
  return annotations.map(annotation => annotation.id === undefined ? annotation : byId.get(annotation.id)!)
}

function toAnnotation ({ id, bbox, area, iscrowd, ...ids }: FileAnnotation): Annotation {
  return { ...ids, bbox, area: area ?? bbox[2] * bbox[3], iscrowd: iscrowd ? 1 : 0 }
}

function notesOn ({ images, annotations, categories }: CocoFile, unique: readonly { id: Id }[]): string[] {
  const imageIds = new Set(unique.map(({ id }) => id))
  const categoryIds = new Set(categories.map(({ id }) => id))
  const ids = annotations.flatMap(({ id }) => id ?? [])
  const lost = (isLost: (one: FileAnnotation) => boolean): number => annotations.filter(isLost).length
  const notes: [count: number, noun: string, rest: string][] = [
    [images.length - unique.length, 'repeated image', ': each counts once'],
    [ids.length - new Set(ids).size, 'repeated annotation id', REPEATED_ID],
    [lost(({ image_id: id }) => !imageIds.has(id)), 'annotation', ' ignored: image not listed'],
    [lost(({ category_id: id }) => !categoryIds.has(id)), 'annotation', ' ignored: category not listed']
  ]
  return notes.flatMap(([count, noun, rest]) => count === 0 ? [] : counted(count, noun) + rest)
}
