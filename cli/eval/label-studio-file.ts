/** Reads the exports JSON and JSON-MIN of Label Studio: https://labelstud.io/guide/export */
import { counted } from '../../engine/numbers.ts'
import type { Size } from '../../head/decode/boxes.ts'
import { CommandError } from '../errors.ts'
import { readInput } from '../files.ts'
import type { Annotation, CocoBox, Dataset } from './ground-truth.ts'
import { parseJson } from './parse-json.ts'
import { labeledPhotos, type LabeledPhoto, type Region } from './label-studio-tasks.ts'
import { boundsOfRotated } from './rotated.ts'

const TOP_LEFT = [0, 0] as const

/**
 * The ground truth of an exported file. Of several annotations of a photo, the latest counts; skipped ones don't.
 * Photos without an annotation are left out: nobody has looked at them.
 * @throws CommandError naming the file and its first fault
 */
export async function readLabelStudioFile (path: string): Promise<Dataset> {
  const { photos, notes } = labeledPhotos(path, parseJson(path, await readInput(path)))
  const annotations = photos.flatMap(photo => annotationsOf(path, photo))
  const names = [...new Set(annotations.map(({ category_id: name }) => String(name)))].sort()
  return {
    images: photos.map(({ image }) => ({ id: image, file_name: image })),
    annotations,
    categories: names.map(name => ({ id: name, name })),
    notes: [...notes, ...notesOn(photos.flatMap(({ regions }) => regions))],
    sizes: new Map(photos.flatMap(sizeOf))
  }
}

/** The size of a photo by its id, if a region states it. */
function sizeOf ({ image, regions }: LabeledPhoto): Array<[id: string, size: Size]> {
  const { original_width: width, original_height: height } = regions.find(region => region.original_width !== undefined) ?? {}
  return width && height ? [[image, { width, height }]] : []
}

function annotationsOf (path: string, { image, regions }: LabeledPhoto): Annotation[] {
  return regions.flatMap(region => (region.rectanglelabels ?? []).map(label => {
    const { original_width: width, original_height: height, image_rotation: turned = 0, rotation = 0 } = region
    if (!(width! > 0 && height! > 0)) throw new CommandError(`${path}: ${image}: a box without original_width and original_height`)
    if (turned % 360 !== 0) throw new CommandError(`${path}: ${image}: rotated in the editor, so its boxes are not those of the photo`)
    const upright = uprightBox(region, width!, height!)
    const bbox = rotation % 360 === 0 ? upright : boundsOfRotated(upright, rotation, TOP_LEFT)
    if (!bbox.every(Number.isFinite)) throw new CommandError(`${path}: ${image}: a box whose x, y, width and height are not numbers`)
    return { image_id: image, category_id: label, bbox, area: bbox[2] * bbox[3] }
  }))
}

const uprightBox = ({ x, y, width, height }: Region, across: number, down: number): CocoBox =>
  [x! / 100 * across, y! / 100 * down, width! / 100 * across, height! / 100 * down]

function notesOn (regions: readonly Region[]): string[] {
  const others = regions.filter(({ rectanglelabels: labels }) => !labels?.length).length
  const rotated = regions.filter(({ rectanglelabels: labels, rotation = 0 }) => labels?.length && rotation % 360 !== 0).length
  return [
    ...rotated > 0 ? [`${counted(rotated, 'rotated rectangle')}: the bounding box counts`] : [],
    ...others > 0 ? [`${counted(others, 'result')} without labeled rectangle ignored: only rectangles are read`] : []
  ]
}
