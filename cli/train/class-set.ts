/** Photos of classes, as a classifier learns them: a folder per class, or a list. */
import { readdir } from 'node:fs/promises'
import { isImageName } from '../../engine/image/image-name.ts'
import { UsageError } from '../errors.ts'
import { checkPresent, filesBelow } from '../eval/image-files.ts'
import { readListLines } from '../eval/labeled-images.ts'
import { fileError } from '../files.ts'
import type { Io } from '../io.ts'
import type { TrainOptions } from './options.ts'
import { readPhotoFacts, type PhotoFacts } from './photo-facts.ts'

/** A photo and its class. */
export interface ClassPhoto {
  /** Relative to the set's folder. */
  readonly file: string
  /** Empty if it has none. */
  readonly label: string
}

/** Photos of one folder, as read. */
export interface ClassSet {
  readonly folder: string
  readonly photos: readonly ClassPhoto[]
  /** Class folders without photos. */
  readonly empty: readonly string[]
  /** By file name, what is known of each photo, or why it can't be read. */
  readonly facts: ReadonlyMap<string, PhotoFacts | string>
}

/** The sets that the options name; `validation` is undefined if a share of the photos serves. */
export interface ClassSets { readonly train: ClassSet, readonly validation: ClassSet | undefined }

/** @throws CommandError naming files that can't be used, UsageError if the options contradict each other */
export async function readClassSets (options: TrainOptions, io: Io): Promise<ClassSets> {
  const { images, annotations, valImages, valAnnotations, valShare } = options
  const isSeparate = valImages !== undefined || valAnnotations !== undefined
  if (isSeparate && valShare !== undefined) throw new UsageError('--val-share: not with --val-images or --val-annotations')
  return {
    train: await readClassSet(images, annotations, io),
    validation: isSeparate ? await readClassSet(valImages ?? images, valAnnotations, io) : undefined
  }
}

async function readClassSet (folder: string, list: string | undefined, io: Io): Promise<ClassSet> {
  const { photos, empty } = list === undefined ? await readFolders(folder) : { photos: await readList(folder, list), empty: [] }
  const facts = await readPhotoFacts(folder, photos.map(({ file }) => file), io)
  return { folder, photos, empty, facts }
}

async function readFolders (folder: string): Promise<Pick<ClassSet, 'photos' | 'empty'>> {
  const files = (await filesBelow(folder)).filter(isImageName)
  const photos = files.map(file => ({ file, label: file.slice(0, Math.max(0, file.indexOf('/'))) }))
  const entries = await readdir(folder, { withFileTypes: true }).catch(error => { throw fileError(folder, error) })
  const folders = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const used = new Set(photos.map(({ label }) => label))
  return { photos, empty: folders.filter(name => !used.has(name)).sort() }
}

async function readList (folder: string, path: string): Promise<ClassPhoto[]> {
  const photos = await readListLines(path)
  await checkPresent(folder, photos.map(({ file }) => file))
  return photos.map(({ file, label }) => ({ file, label }))
}
