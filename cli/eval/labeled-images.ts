/** Images with one class each: a folder per class, or a list. */
import { basename } from 'node:path'
import { isImageName } from '../../engine/image/image-name.ts'
import { normalize } from '../../models/categories.ts'
import { CommandError } from '../errors.ts'
import { readInput } from '../files.ts'
import { csvFields } from './csv.ts'
import { checkPresent, imagesBelow } from './image-files.ts'
import { firstOf, throwProblems } from './problems.ts'

const ALPHABETICAL =
  'no folder has the name of a class: folders are taken for classes in alphabetical order, as by torchvision'

export interface LabeledImage {
  /** Path below the image folder. */
  readonly file: string
  readonly classId: number
}

export interface LabeledImages {
  readonly images: readonly LabeledImage[]
  /** Remarks for the user. */
  readonly notes: readonly string[]
}

/**
 * The images of a folder with their classes.
 * @param list a file with a line per image, `cat/1.jpg,cat` or `1.jpg 281`: its path and its label or class id;
 * undefined if the images are in one folder per class
 * @throws CommandError naming files, lines and labels that can't be used
 */
export async function readLabeledImages (
  folder: string, list: string | undefined, labels: readonly string[]
): Promise<LabeledImages> {
  if (list === undefined) return await readClassFolders(folder, labels)
  await checkPresent(folder, [])
  const images = await readList(list, labels)
  await checkPresent(folder, images.map(({ file }) => file))
  return { images, notes: [] }
}

async function readClassFolders (folder: string, labels: readonly string[]): Promise<LabeledImages> {
  const files = await imagesBelow(folder)
  const loose = files.filter(file => !file.includes('/'))
  if (loose.length > 0) throw new CommandError(`${folder}: expected a folder per class; not in one: ${firstOf(loose)}`)
  const folders = [...new Set(files.map(classFolder))]
  const idOf = new Map(folders.map(name => [name, classIdOf(name, labels)]))
  const unknown = folders.filter(name => idOf.get(name) === undefined)
  const toImages = (ids: ReadonlyMap<string, number | undefined>): LabeledImage[] =>
    files.map(file => ({ file, classId: ids.get(classFolder(file))! }))
  if (unknown.length === 0) return { images: toImages(idOf), notes: [] }
  if (unknown.length < folders.length || folders.length !== labels.length) {
    throw new CommandError(`${folder}: the model has no class for ${firstOf(unknown)}`)
  }
  return { images: toImages(new Map(folders.map((name, i) => [name, i]))), notes: [ALPHABETICAL] }
}

const classFolder = (file: string): string => file.slice(0, file.indexOf('/'))

/** A class by its label or its id. */
function classIdOf (text: string, labels: readonly string[]): number | undefined {
  const exact = labels.indexOf(text)
  if (exact >= 0) return exact
  const loose = labels.findIndex(label => normalize(label) === normalize(text))
  if (loose >= 0) return loose
  return /^\d+$/.test(text) && Number(text) < labels.length ? Number(text) : undefined
}

async function readList (path: string, labels: readonly string[]): Promise<LabeledImage[]> {
  const problems: string[] = []
  const images = (await readListLines(path)).flatMap(({ file, label, line }) => {
    const classId = classIdOf(label, labels)
    if (classId !== undefined) return [{ file, classId }]
    const problem = label === '' ? 'expected a file and its class' : `the model has no class ${label}`
    problems.push(`${basename(path)}:${line}: ${problem}`)
    return []
  })
  throwProblems(problems)
  return images
}

/** A line of a list of images; `label` is empty if it has none. */
export interface ListLine { readonly file: string, readonly label: string, readonly line: number }

/** The lines of a list without its header and empty ones. @throws CommandError if it lists no images */
export async function readListLines (path: string): Promise<ListLine[]> {
  const lines = (await readInput(path)).toString().replace(/^\uFEFF/, '').split(/\r?\n/)
  const images = lines.flatMap((text, i) => {
    const [file = '', label = ''] = fieldsOf(text)
    const isHeader = i === 0 && !isImageName(file)
    return text.trim() === '' || isHeader ? [] : [{ file, label, line: i + 1 }]
  })
  if (images.length === 0) throw new CommandError(`${path}: lists no images`)
  return images
}

/** `file,label`, or `file label` if the line has no comma. */
const fieldsOf = (line: string): string[] =>
  line.includes(',') ? csvFields(line) : (/^\s*(\S+)\s+(.*\S)\s*$/.exec(line)?.slice(1) ?? [line.trim()])
