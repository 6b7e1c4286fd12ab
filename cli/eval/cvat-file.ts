/** Reads the XML of CVAT, format "CVAT for images 1.1": https://docs.cvat.ai/docs/manual/advanced/xml_format/ */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Element } from '@xmldom/xmldom'
import { counted } from '../../engine/numbers.ts'
import type { Size } from '../../head/decode/boxes.ts'
import { CommandError } from '../errors.ts'
import { readInput } from '../files.ts'
import type { Annotation, CocoBox, Dataset } from './ground-truth.ts'
import { boundsOfRotated } from './rotated.ts'
import { AnnotationError, childrenOf, numberIn, parseXml, textOf } from './xml.ts'

/** The file in the folder of an export. */
export const CVAT_FILE = 'annotations.xml'
/** Types of labels that boxes may have. */
const BOX_TYPES = ['any', 'bbox', 'rectangle']
const CENTER = [0.5, 0.5] as const
const VIDEO = 'it has tracks of a video: export the task as "CVAT for images 1.1"'

/** What is not read as it is. */
interface Counts { rotated: number, readonly others: Map<string, number> }

/**
 * The ground truth of an annotation file, or of a folder with one. Occluded boxes count like others; boxes outside don't count.
 * @throws CommandError naming the file and its first fault
 */
export async function readCvatFile (path: string): Promise<Dataset> {
  const file = statSync(path).isDirectory() ? join(path, CVAT_FILE) : path
  const text = (await readInput(file)).toString()
  try {
    return toDataset(parseXml(text).documentElement)
  } catch (error) {
    throw error instanceof AnnotationError ? new CommandError(`${file}: ${error.message}`, { cause: error }) : error
  }
}

function toDataset (root: Element | null): Dataset {
  if (root?.tagName !== 'annotations') throw new AnnotationError(`expected <annotations>, found <${root?.tagName}>`)
  if (childrenOf(root, 'track').length > 0) throw new AnnotationError(VIDEO)
  const counts: Counts = { rotated: 0, others: new Map() }
  const images = childrenOf(root, 'image')
  if (images.length === 0) throw new AnnotationError('no <image>')
  checkNames(images.map(nameOf))
  const annotations = images.flatMap(image => boxesOf(image, counts))
  const names = new Set([...declaredLabels(root), ...annotations.map(({ category_id: name }) => String(name))])
  return {
    images: images.map(image => ({ id: nameOf(image), file_name: nameOf(image) })),
    annotations,
    categories: [...names].map(name => ({ id: name, name })),
    notes: notesOn(counts),
    sizes: new Map(images.flatMap(sizeOf))
  }
}

function nameOf (image: Element): string {
  const name = image.getAttribute('name')
  if (name) return name
  throw new AnnotationError(`<image id="${image.getAttribute('id') ?? ''}">: expected a name`)
}

/** Exports of projects may have the same name in several tasks. */
function checkNames (names: readonly string[]): void {
  const seen = new Set<string>()
  const twice = names.find(name => seen.has(name) || !seen.add(name))
  if (twice !== undefined) throw new AnnotationError(`${twice}: listed more than once: export the tasks one by one`)
}

/** The size of an image by its id, if the file states it. */
function sizeOf (image: Element): Array<[id: string, size: Size]> {
  if (!image.hasAttribute('width') || !image.hasAttribute('height')) return []
  return [[nameOf(image), { width: numberIn(image, 'width'), height: numberIn(image, 'height') }]]
}

function boxesOf (image: Element, counts: Counts): Annotation[] {
  const shapes = childrenOf(image)
  for (const { tagName } of shapes) if (tagName !== 'box') counts.others.set(tagName, (counts.others.get(tagName) ?? 0) + 1)
  return shapes.filter(shape => shape.tagName === 'box' && shape.getAttribute('outside') !== '1').map(box => {
    const bbox = bboxOf(box, counts)
    if (!bbox.every(Number.isFinite)) throw new AnnotationError(`${nameOf(image)}: a box whose coordinates are not numbers`)
    const label = box.getAttribute('label')
    if (!label) throw new AnnotationError(`${nameOf(image)}: a box without a label`)
    return { image_id: nameOf(image), category_id: label, bbox, area: bbox[2] * bbox[3] }
  })
}

function bboxOf (box: Element, counts: Counts): CocoBox {
  const [left, top, right, bottom] = ['xtl', 'ytl', 'xbr', 'ybr'].map(side => numberIn(box, side))
  const bbox = [left!, top!, right! - left!, bottom! - top!] as const
  const degrees = box.hasAttribute('rotation') ? numberIn(box, 'rotation') : 0
  if (degrees % 360 === 0) return bbox
  counts.rotated++
  return boundsOfRotated(bbox, degrees, CENTER)
}

/** Labels of a task, a job or a project that boxes may have; those with a parent are points of skeletons. */
function declaredLabels (root: Element): string[] {
  const owners = childrenOf(root, 'meta').flatMap(meta => childrenOf(meta))
  const labels = owners.flatMap(owner => childrenOf(owner, 'labels')).flatMap(list => childrenOf(list, 'label'))
  return labels.filter(label => BOX_TYPES.includes(textOf(label, 'type') ?? 'any') && childrenOf(label, 'parent').length === 0)
    .flatMap(label => textOf(label, 'name') || [])
}

function notesOn ({ rotated, others }: Counts): string[] {
  const notes = rotated > 0 ? [`${counted(rotated, 'rotated box').replace(/xs$/, 'xes')}: the bounding box counts`] : []
  const shapes = [...others].map(([name, count]) => `${count} ${name}`).join(', ')
  return shapes === '' ? notes : [...notes, `ignored, since only boxes are read: ${shapes}`]
}
