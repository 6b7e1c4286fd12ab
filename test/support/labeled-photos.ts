/** Small photos with annotations, and a folder of them to train on. */
import sharp from 'sharp'
import type { Annotation, CocoBox, Dataset, GroundTruth } from '../../cli/eval/ground-truth.ts'
import type { LabeledSet } from '../../cli/train/labeled-set.ts'
import type { PhotoFacts } from '../../cli/train/photo-facts.ts'
import { random } from '../../training/random.ts'

export const CATEGORIES = [{ id: 1, name: 'disc' }, { id: 2, name: 'square' }]
const SIDE = 96

/** A JPEG with a bright disc or square on a dark ground, and its annotation. */
async function drawn (id: number, seed: number): Promise<{ bytes: Buffer, annotation: Annotation }> {
  const next = random(seed, id)
  const size = 20 + Math.round(next() * 40)
  const [x, y] = [Math.round(next() * (SIDE - size)), Math.round(next() * (SIDE - size))]
  const isDisc = id % 2 === 1
  const ground = `rgb(${[0, 0, 0].map(() => Math.round(next() * 90)).join()})`
  const paint = `fill="rgb(${[0, 0, 0].map(() => 150 + Math.round(next() * 105)).join()})"`
  const shape = isDisc
    ? `<circle cx="${x + size / 2}" cy="${y + size / 2}" r="${size / 2}" ${paint}/>`
    : `<rect x="${x}" y="${y}" width="${size}" height="${size}" ${paint}/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="${ground}"/>${shape}</svg>`
  const bytes = await sharp(Buffer.from(svg)).removeAlpha().jpeg().toBuffer()
  return { bytes, annotation: { image_id: id, category_id: isDisc ? 1 : 2, bbox: [x, y, size, size], area: size * size } }
}

/** A folder's files: photos by name, and their truth. The same seed draws the same. */
export async function labeledPhotos (count: number, seed = 1): Promise<{ photos: Record<string, Buffer>, truth: GroundTruth }> {
  const ids = Array.from({ length: count }, (_, i) => i + 1)
  const all = await Promise.all(ids.map(id => drawn(id, seed)))
  return {
    photos: Object.fromEntries(ids.map((id, i) => [`${id}.jpg`, all[i]!.bytes])),
    truth: {
      images: ids.map(id => ({ id, file_name: `${id}.jpg` })),
      annotations: all.map(({ annotation }, i) => ({ id: i + 1, ...annotation })),
      categories: CATEGORIES
    }
  }
}

/** A set as it is read, without files. @param boxes by photo: category id and box of each object */
export function labeledSet (
  boxes: ReadonlyArray<ReadonlyArray<readonly [category: number, bbox: CocoBox]>>,
  more: Partial<Dataset> = {},
  facts: Partial<PhotoFacts> = {}
): LabeledSet {
  const images = boxes.map((_, i) => ({ id: i, file_name: `${i}.jpg` }))
  const annotations = boxes.flatMap((own, i) =>
    own.map(([category, bbox]) => ({ image_id: i, category_id: category, bbox, area: bbox[2] * bbox[3] })))
  return {
    folder: 'photos',
    dataset: { images, annotations, categories: CATEGORIES, notes: [], ...more },
    photos: new Map(images.map(({ file_name: file }) => [file, { width: 100, height: 80, orientation: 1, hash: file, ...facts }]))
  }
}
