/** Reads a data set with Pascal VOC's annotations: an XML file per image. */
import { basename, extname, join } from 'node:path'
import { counted } from '../../engine/numbers.ts'
import { CommandError } from '../errors.ts'
import { readInput } from '../files.ts'
import type { Annotation, Dataset } from './ground-truth.ts'
import { filesBelow, imagesBelow, stem } from './image-files.ts'
import { firstOf, throwProblems } from './problems.ts'
import { parseVocXml, type VocImage } from './voc-xml.ts'
import { AnnotationError } from './xml.ts'

interface AnnotatedImage extends VocImage { readonly xml: string, readonly image: string | undefined }

/**
 * The ground truth of the XML files in a folder, and the images that they are for: those that they name, or of the same
 * name as the XML file. Difficult objects need not be found. Images without an XML file don't count.
 * @throws CommandError naming the files that can't be used
 */
export async function readVocFiles (images: string, annotations: string): Promise<Dataset> {
  const files = await imagesBelow(images)
  const all = await readAll(annotations, imageFinder(files))
  const missing = all.filter(({ image }) => image === undefined).map(({ xml, filename }) => filename ?? xml)
  if (missing.length > 0) {
    throw new CommandError(`${images}: ${counted(missing.length, 'image')} missing: ${firstOf(missing)}`)
  }
  const names = [...new Set(all.flatMap(({ objects }) => objects.map(({ name }) => name)))].sort()
  const sizes = new Map(all.flatMap(({ image, size }) => size ? [[image!, size]] : []))
  const unused = files.length - new Set(all.map(({ image }) => image)).size
  return {
    images: all.map(({ image }) => ({ id: image!, file_name: image! })),
    annotations: all.flatMap(annotationsOf),
    categories: names.map(name => ({ id: name, name })),
    ...sizes.size > 0 && { sizes },
    notes: unused === 0 ? [] : [`${counted(unused, 'image')} without an XML file: left out`]
  }
}

type ImageFinder = (filename: string | undefined, xml: string) => string | undefined

function imageFinder (files: readonly string[]): ImageFinder {
  const byName = new Map(files.map(file => [basename(file), file]))
  const byStem = new Map(files.flatMap(file => [[basename(stem(file)), file], [stem(file), file]]))
  return (filename = '', xml) =>
    byStem.get(stem(xml)) ?? byStem.get(basename(stem(xml))) ?? byName.get(basename(filename))
}

async function readAll (folder: string, find: ImageFinder): Promise<AnnotatedImage[]> {
  const problems: string[] = []
  const all: AnnotatedImage[] = []
  for (const xml of (await filesBelow(folder)).filter(file => extname(file) === '.xml')) {
    const path = join(folder, xml)
    const parsed = parse((await readInput(path)).toString())
    if (typeof parsed === 'string') problems.push(`${path}: ${parsed}`)
    else all.push({ ...parsed, xml, image: find(parsed.filename, xml) })
  }
  throwProblems(problems)
  if (all.length === 0) throw new CommandError(`${folder}: no XML files`)
  return all
}

/** The file's content, or its problem. */
function parse (text: string): VocImage | string {
  try {
    return parseVocXml(text)
  } catch (error) {
    if (error instanceof AnnotationError) return error.message
    throw error
  }
}

const annotationsOf = ({ image, objects }: AnnotatedImage): Annotation[] => objects.map(({ name, bbox, difficult }) =>
  ({ image_id: image!, category_id: name, bbox, area: bbox[2] * bbox[3], ignore: difficult }))
