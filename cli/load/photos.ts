import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../errors.ts'
import { fileError, readInput } from '../files.ts'
import { text } from '../options.ts'

/** A photo and its path. */
export interface Photo { readonly path: string, readonly bytes: Uint8Array }

const PACKAGE = 'nanodet-m-416-tfjs'
const OWN = new URL('../../../docs/images/', import.meta.url)

/** Option of commands that need photos. */
export const IMAGES_OPTION = {
  images: text('DIR', 'Folder with photos (.jpg); by default photos that ship with this package or with its weights').optional()
} as const

/**
 * Reads the photos of a folder. By default it takes those of the weights' npm package, which a clone has, or the one in
 * this package.
 * @throws CommandError naming the folder
 */
export async function readPhotos (folder = defaultPhotos()): Promise<Photo[]> {
  const names = await readdir(folder).catch(error => { throw fileError(folder, error) })
  const paths = names.filter(name => /\.jpe?g$/i.test(name)).sort().map(name => join(folder, name))
  if (paths.length === 0) throw new CommandError(`${folder}: has no .jpg file`)
  return Promise.all(paths.map(async path => ({ path, bytes: await readInput(path) })))
}

/** @param name of the npm package whose photos are taken if it is installed */
export function defaultPhotos (name = PACKAGE): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'assets')
  } catch {
    return fileURLToPath(OWN)
  }
}
