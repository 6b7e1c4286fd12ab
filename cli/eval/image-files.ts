/** Finds image files below a folder. */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join, posix, sep } from 'node:path'
import { isImageName } from '../../engine/image/image-name.ts'
import { counted } from '../../engine/numbers.ts'
import { CommandError } from '../errors.ts'
import { fileError } from '../files.ts'
import { firstOf } from './problems.ts'

/** Paths of all files below a folder, relative to it, sorted, with slashes. @throws CommandError if it can't be read */
export async function filesBelow (folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(error => { throw fileError(folder, error) })
  return names.map(name => name.split(sep).join(posix.sep)).filter(isVisible).sort()
}

const isVisible = (path: string): boolean => !path.split('/').some(part => part.startsWith('.'))

/** Paths of the images below a folder, relative to it, sorted. @throws CommandError if it has none */
export async function imagesBelow (folder: string): Promise<string[]> {
  const images = (await filesBelow(folder)).filter(isImageName)
  if (images.length === 0) throw new CommandError(`${folder}: no images`)
  return images
}

/** @throws CommandError naming files of a list that are missing from a folder */
export async function checkPresent (folder: string, files: readonly string[]): Promise<void> {
  await stat(folder).catch(error => { throw fileError(folder, error) })
  const missing = files.filter(file => !existsSync(join(folder, file)))
  if (missing.length === 0) return
  const count = `${missing.length} of ${counted(files.length, 'image')}`
  throw new CommandError(`${folder}: ${count} missing: ${firstOf(missing)}`)
}

/** `a/b.jpg` → `a/b` */
export const stem = (path: string): string => path.slice(0, path.length - extname(path).length)
