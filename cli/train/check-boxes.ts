import type { Size } from '../../head/decode/boxes.ts'
import { groupBy, type Annotation, type CocoBox } from '../eval/ground-truth.ts'
import type { Findings } from './findings.ts'
import { filesById, isObject, type LabeledSet } from './labeled-set.ts'

/** Pixels by which a box may reach outside its photo: tools round. */
const TOLERANCE = 2
/** A box that reaches further outside, as a share of the photo's side, is a mistake: other units, or another photo. */
const FAR = 0.5
const ROTATED = 5

/** What checks find: errors stop the training, warnings are stated. */
export interface Report { readonly errors: Findings, readonly warnings: Findings }

/** Checks each photo and each box of a set. */
export function checkBoxes (set: LabeledSet, { errors, warnings }: Report): void {
  checkPhotos(set, { errors, warnings })
  const files = filesById(set.dataset)
  const categories = new Set(set.dataset.categories.map(({ id }) => id))
  const seen = new Set<string>()
  for (const annotation of set.dataset.annotations) {
    const file = files.get(annotation.image_id)
    const place = placeOf(annotation, file)
    if (file === undefined) errors.add('annotation', 'is/are of an image that is not listed', place)
    else if (!categories.has(annotation.category_id)) errors.add('annotation', 'has/have a category that is not listed', `${place} category ${annotation.category_id}`)
    else if (isObject(annotation)) checkBox(annotation.bbox, sizeIn(set, file), place, { errors, warnings })
    else warnings.add('annotation', 'of crowds or difficult objects is/are not learned', place)
    const key = JSON.stringify([annotation.image_id, annotation.category_id, annotation.bbox])
    if (seen.has(key)) warnings.add('annotation', 'is/are listed twice and counts/count once', place)
    seen.add(key)
  }
}

const placeOf = ({ bbox, image_id: id }: Annotation, file = `image ${id}`): string => `${file} [${bbox.map(value => Number(value.toFixed(1))).join(', ')}]`

function sizeIn ({ photos }: LabeledSet, file: string): Size | undefined {
  const facts = photos.get(file)
  return typeof facts === 'object' ? facts : undefined
}

function checkPhotos ({ dataset, photos }: LabeledSet, { errors, warnings }: Report): void {
  for (const [file, facts] of photos) {
    if (typeof facts === 'string') errors.add('photo', 'can\'t be read', `${file} (${facts})`)
    else if (facts.orientation > 1) warnings.add('photo', 'is/are rotated by EXIF: boxes are taken as in the photo displayed', file)
  }
  for (const [file, images] of groupBy(dataset.images, 'file_name')) {
    if (images.length > 1) errors.add('photo', 'is/are listed under several ids', String(file))
  }
  const files = filesById(dataset)
  for (const [id, size] of dataset.sizes ?? []) checkSize(size, files.get(id)!, photos, errors)
}

function checkSize (size: Size, file: string, photos: LabeledSet['photos'], errors: Findings): void {
  const facts = photos.get(file)
  if (typeof facts !== 'object' || (facts.width === size.width && facts.height === size.height)) return
  const wasStored = facts.orientation >= ROTATED && facts.width === size.height && facts.height === size.width
  const problem = wasStored ? 'is/are annotated as stored, not as displayed' : 'has/have another size than annotated'
  errors.add('photo', problem, `${file} (annotated ${sizeText(size)}, displayed ${sizeText(facts)})`)
}

const sizeText = ({ width, height }: Size): string => `${width}×${height}`

function checkBox (bbox: CocoBox, size: Size | undefined, place: string, { errors, warnings }: Report): void {
  const [x, y, width, height] = bbox
  if (!bbox.every(Number.isFinite)) return errors.add('annotation', 'has/have coordinates that are not numbers', place)
  if (width <= 0 || height <= 0) return errors.add('annotation', 'has/have no area', place)
  if (!size) return
  const [right, below] = [x + width, y + height]
  if (x >= size.width || y >= size.height || right <= 0 || below <= 0) return errors.add('annotation', 'is/are outside the photo', place)
  const outside = [-x / size.width, -y / size.height, right / size.width - 1, below / size.height - 1]
  if (Math.max(...outside) > FAR) return errors.add('annotation', 'reaches/reach far outside the photo', `${place} in ${sizeText(size)}`)
  const pixels = Math.max(-x, -y, right - size.width, below - size.height)
  if (pixels > TOLERANCE) warnings.add('annotation', 'reaches/reach outside the photo and is/are clipped', place)
}
