/** Reads a data set with YOLO labels: a text file per image, and a file with the class names. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { counted } from '../../engine/numbers.ts'
import { CommandError } from '../errors.ts'
import { readInput } from '../files.ts'
import { aboutFile, MAX_PIXELS } from '../run-model.ts'
import { foundNames, givenNames, isNamesFile, isYaml, namesInFile } from './class-names.ts'
import type { Annotation, Dataset } from './ground-truth.ts'
import { filesBelow, imagesBelow, stem } from './image-files.ts'
import { throwProblems } from './problems.ts'
import { parseYoloLabels, toPixels, type YoloObject } from './yolo-labels.ts'

const NO_NAMES = 'no class names found: class ids are taken for those of the model (--class-names)'

export interface YoloOptions {
  /** The user's class names: a file, or names separated by commas. */
  readonly classNames: string | undefined
  /** Names to use if the data set has none; without any, that is an error. */
  readonly fallback: readonly string[] | undefined
}

/**
 * The ground truth of a folder of images. An image without a label file shows nothing.
 * @param annotations a folder of label files, or data.yaml
 * @throws CommandError naming files and lines
 */
export async function readYoloFiles (images: string, annotations: string, options: YoloOptions): Promise<Dataset> {
  const folder = labelFolder(images, annotations)
  const files = await imagesBelow(images)
  const labeled = files.filter(file => existsSync(join(folder, labelFile(file))))
  if (labeled.length === 0) throw new CommandError(`${folder}: no label files for the images in ${images}`)
  const objects = await readAll(folder, labeled)
  const { names, notes } = await classNames(annotations, folder, options)
  checkClasses(objects, names, folder)
  const annotated = await Promise.all([...objects].map(([file, own]) => annotationsOf(images, file, own)))
  return {
    images: files.map(file => ({ id: file, file_name: file })),
    annotations: annotated.flat(),
    categories: names.map((name, id) => ({ id, name })),
    notes: [...notes, ...await notesOn(folder, files, labeled)]
  }
}

const labelFile = (image: string): string => `${stem(image)}.txt`

/** The given folder; for data.yaml, `labels` in place of the last `images` in the path, or the images' own folder. */
function labelFolder (images: string, annotations: string): string {
  if (statSync(annotations).isDirectory()) return annotations
  const parts = images.split(sep)
  const i = parts.lastIndexOf('images')
  const sibling = i < 0 ? join(dirname(images), 'labels') : parts.with(i, 'labels').join(sep)
  return existsSync(sibling) ? sibling : images
}

async function readAll (folder: string, images: readonly string[]): Promise<Map<string, YoloObject[]>> {
  const all = new Map<string, YoloObject[]>()
  const found: string[] = []
  for (const image of images) {
    const path = join(folder, labelFile(image))
    const { objects, problems } = parseYoloLabels((await readInput(path)).toString(), path)
    all.set(image, objects)
    found.push(...problems)
  }
  throwProblems(found)
  return all
}

async function classNames (annotations: string, folder: string, { classNames, fallback }: YoloOptions) {
  if (classNames !== undefined) return { names: await givenNames(classNames), notes: [] }
  if (isYaml(annotations)) return { names: await namesInFile(annotations), notes: [] }
  const found = await foundNames(folder)
  if (found) return { names: found.names, notes: [`class names: ${found.file}`] }
  if (!fallback) throw new CommandError(`${folder}: no class names found: give them with --class-names`)
  return { names: [...fallback], notes: [NO_NAMES] }
}

type ObjectsByFile = ReadonlyMap<string, readonly YoloObject[]>

function checkClasses (objects: ObjectsByFile, names: readonly string[], folder: string): void {
  throwProblems([...objects].flatMap(([file, own]) => {
    const wrong = own.find(({ classId }) => classId >= names.length)
    if (!wrong) return []
    return [`${join(folder, labelFile(file))}: class ${wrong.classId}, but only ${names.length} class names`]
  }))
}

async function annotationsOf (images: string, file: string, objects: readonly YoloObject[]): Promise<Annotation[]> {
  if (objects.length === 0) return []
  const { readInfo } = await import('../../engine/image/decode.ts') // loads sharp
  const path = join(images, file)
  const size = await aboutFile(path, readInfo(await readInput(path), MAX_PIXELS))
  return objects.map(({ classId, bbox }) => {
    const box = toPixels(bbox, size)
    return { image_id: file, category_id: classId, bbox: box, area: box[2] * box[3] }
  })
}

async function notesOn (folder: string, images: readonly string[], labeled: readonly string[]): Promise<string[]> {
  const expected = new Set(images.map(labelFile))
  const labels = (await filesBelow(folder)).filter(file => file.endsWith('.txt') && !isNamesFile(file))
  const others = labels.filter(file => !expected.has(file))
  const unlabeled = images.length - labeled.length
  const notes = []
  if (unlabeled > 0) notes.push(`${counted(unlabeled, 'image')} without a label file: no objects there`)
  if (others.length > 0) notes.push(`${counted(others.length, 'label file')} without an image: ignored`)
  return notes.map(note => `${relative('.', folder) || '.'}: ${note}`)
}
