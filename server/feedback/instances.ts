/** The COCO file of a feedback folder. Fields that the server does not know are kept. */
import { z } from 'zod'

const imageSchema = z.looseObject({ id: z.int(), file_name: z.string(), width: z.number(), height: z.number() })
const annotationSchema = z.looseObject({ id: z.int(), image_id: z.int(), category_id: z.int() })
const fileSchema = z.looseObject({
  images: z.array(imageSchema),
  annotations: z.array(annotationSchema),
  categories: z.array(z.looseObject({ id: z.int(), name: z.string() }))
})

export type Instances = z.output<typeof fileSchema>
export type InstanceImage = z.output<typeof imageSchema>
export type InstanceAnnotation = z.output<typeof annotationSchema>

/** A photo and its boxes. */
export interface Entry { readonly image: InstanceImage, readonly annotations: readonly InstanceAnnotation[] }

export const EMPTY: Instances = { info: { description: 'Feedback to nanodet-server' }, images: [], annotations: [], categories: [] }

/** Characters that are written at a time: the event loop stays free. */
const PIECE = 2 ** 18
const SEPARATOR = ',\n'
/** The text of an entry never changes, and is made once: most entries are the same in the next file. */
const texts = new WeakMap<Entry, Readonly<Record<'image' | 'annotations', string>>>()

/** Parses the file. @throws Error with the first fault */
export function parseInstances (text: string): Instances {
  const parsed = fileSchema.safeParse(JSON.parse(text))
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw new Error([...path, message].join(': '))
  }
  const { images, annotations, categories } = parsed.data
  checkUnique('images', 'file_name', images.map(({ file_name: name }) => name))
  for (const [list, items] of Object.entries({ images, categories })) checkUnique(list, 'id', items.map(({ id }) => id))
  const [imageIds, categoryIds] = [images, categories].map(list => new Set(list.map(({ id }) => id)))
  const lost = annotations.find(({ image_id: image, category_id: category }) => !imageIds!.has(image) || !categoryIds!.has(category))
  if (lost) throw new Error(`annotation ${lost.id}: its image or its category is not listed`)
  return parsed.data
}

function checkUnique (list: string, member: string, values: ReadonlyArray<number | string>): void {
  const seen = new Set<number | string>()
  const twice = values.find(value => seen.has(value) || !seen.add(value))
  if (twice !== undefined) throw new Error(`${list}: ${member} ${twice} occurs twice`)
}

/** The photos of a file with their boxes, by file name. */
export function entriesOf ({ images, annotations }: Instances): Map<string, Entry> {
  const ofImage = new Map<number, InstanceAnnotation[]>(images.map(({ id }) => [id, []]))
  for (const annotation of annotations) ofImage.get(annotation.image_id)!.push(annotation)
  return new Map(images.map(image => [image.file_name, { image, annotations: ofImage.get(image.id)! }]))
}

/** The file's text, in pieces. @param others members besides images and annotations */
export function * textOf (others: Readonly<Record<string, unknown>>, entries: readonly Entry[]): Generator<string> {
  yield `${JSON.stringify(others).slice(0, -1)},\n"images":[\n`
  yield * inPieces(entries, 'image')
  yield '\n],\n"annotations":[\n'
  yield * inPieces(entries.filter(({ annotations }) => annotations.length > 0), 'annotations')
  yield '\n]}\n'
}

function textsOf (entry: Entry) {
  const known = texts.get(entry)
  if (known) return known
  const { image, annotations } = entry
  const made = { image: JSON.stringify(image), annotations: annotations.map(annotation => JSON.stringify(annotation)).join(SEPARATOR) }
  texts.set(entry, made)
  return made
}

function * inPieces (entries: readonly Entry[], member: 'image' | 'annotations'): Generator<string> {
  let piece = ''
  for (const [i, entry] of entries.entries()) {
    piece += (i > 0 ? SEPARATOR : '') + textsOf(entry)[member]
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}
