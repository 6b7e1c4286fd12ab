/** Reads annotated images in any of the formats. */
import { existsSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { CommandError, UsageError } from '../errors.ts'
import { fileError } from '../files.ts'
import { isYaml } from './class-names.ts'
import { readCocoFile } from './coco-file.ts'
import { CVAT_FILE, readCvatFile } from './cvat-file.ts'
import type { Dataset } from './ground-truth.ts'
import { checkPresent, filesBelow } from './image-files.ts'
import { readLabelStudioFile } from './label-studio-file.ts'
import { locateImages } from './locate-images.ts'
import { readVocFiles } from './voc-files.ts'
import { readYoloFiles, type YoloOptions } from './yolo-files.ts'

export const FORMATS = ['coco', 'yolo', 'voc', 'label-studio', 'cvat'] as const
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
  const dataset = await locateImages(images, await read(format, source))
  await checkPresent(images, dataset.images.map(({ file_name: file }) => file))
  return dataset
}

async function read (format: Format, { images, annotations, ...options }: Source): Promise<Dataset> {
  switch (format) {
    case 'coco': return await readCocoFile(annotations)
    case 'yolo': return await readYoloFiles(images, annotations, options)
    case 'voc': return await readVocFiles(images, annotations)
    case 'label-studio': return await readLabelStudioFile(annotations)
    case 'cvat': return await readCvatFile(annotations)
  }
}

/** Bytes that tell JSON and XML formats apart. */
const HEAD_BYTES = 1024

const NEITHER = 'neither YOLO labels (.txt) nor Pascal VOC annotations (.xml); for COCO, name its .json file'

/**
 * The format of a file by its extension and its first bytes, of a folder by its files.
 * @throws UsageError if neither says
 */
export async function guessFormat (annotations: string): Promise<Format> {
  if (!isFolder(annotations)) return await formatOfFile(annotations)
  const file = join(annotations, CVAT_FILE)
  if (existsSync(file) && await isCvat(file)) return 'cvat'
  const extensions = new Set((await filesBelow(annotations)).map(file => extname(file)))
  if (extensions.has('.xml')) return 'voc'
  if (extensions.has('.txt')) return 'yolo'
  throw new CommandError(`${annotations}: ${NEITHER}`)
}

async function formatOfFile (file: string): Promise<Format> {
  if (isYaml(file)) return 'yolo'
  if (extname(file) !== '.xml') return /^[\s\uFEFF]*\[/.test(await headOf(file)) ? 'label-studio' : 'coco'
  if (await isCvat(file)) return 'cvat'
  throw new UsageError(`--annotations: expected the folder of ${file}: Pascal VOC has one XML file per image`)
}

const isCvat = async (file: string): Promise<boolean> => /<annotations[\s>]/.test(await headOf(file))

/** The beginning of a text file. */
async function headOf (file: string): Promise<string> {
  const handle = await open(file).catch(error => { throw fileError(file, error) })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function isFolder (path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw fileError(path, error)
  }
}
