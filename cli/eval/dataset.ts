/** Reads annotated images in any of the formats. */
import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { CommandError, UsageError } from '../errors.ts'
import { fileError } from '../files.ts'
import { isYaml } from './class-names.ts'
import { readCocoFile } from './coco-file.ts'
import type { Dataset } from './ground-truth.ts'
import { checkPresent, filesBelow } from './image-files.ts'
import { readVocFiles } from './voc-files.ts'
import { readYoloFiles, type YoloOptions } from './yolo-files.ts'

export const FORMATS = ['coco', 'yolo', 'voc'] as const
export type Format = typeof FORMATS[number]

/** Where images and their annotations are. */
export interface Source extends YoloOptions {
  readonly images: string
  readonly annotations: string
  /** Guessed if left out. */
  readonly format: Format | undefined
}

/** Annotations whose images all exist. @throws CommandError naming the file that can't be used */
export async function readDataset (source: Source): Promise<Dataset> {
  const { images, annotations, format = await guessFormat(annotations) } = source
  await checkPresent(images, [])
  const dataset = await read(format, source)
  await checkPresent(images, dataset.images.map(({ file_name: file }) => file))
  return dataset
}

async function read (format: Format, { images, annotations, ...options }: Source): Promise<Dataset> {
  switch (format) {
    case 'coco': return await readCocoFile(annotations)
    case 'yolo': return await readYoloFiles(images, annotations, options)
    case 'voc': return await readVocFiles(images, annotations)
  }
}

const NEITHER = 'neither YOLO labels (.txt) nor Pascal VOC annotations (.xml); for COCO, name its .json file'

/**
 * The format of a file by its extension, of a folder by those of its files.
 * @throws UsageError if neither says
 */
export async function guessFormat (annotations: string): Promise<Format> {
  if (!isFolder(annotations)) {
    if (isYaml(annotations)) return 'yolo'
    if (extname(annotations) !== '.xml') return 'coco'
    throw new UsageError(`--annotations: expected the folder of ${annotations}: Pascal VOC has one XML file per image`)
  }
  const extensions = new Set((await filesBelow(annotations)).map(file => extname(file)))
  if (extensions.has('.xml')) return 'voc'
  if (extensions.has('.txt')) return 'yolo'
  throw new CommandError(`${annotations}: ${NEITHER}`)
}

function isFolder (path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw fileError(path, error)
  }
}
