import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CommandError } from '../errors.ts'
import { fileError, readInput } from '../files.ts'
import { text } from '../options.ts'

/** A photo and its path. */
export interface Photo { readonly path: string, readonly bytes: Uint8Array }

const PACKAGE = 'nanodet-m-416-tfjs'

/** Option of commands that need photos. */
export const IMAGES_OPTION = {
  images: text('DIR', 'Folder with photos (.jpg); by default those that ship with the weights\' package').optional()
} as const

/** Reads the photos of a folder, or those that ship with the weights' npm package. @throws CommandError naming what is missing */
export async function readPhotos (folder = packagePhotos()): Promise<Photo[]> {
  const names = await readdir(folder).catch(error => { throw fileError(folder, error) })
  const paths = names.filter(name => /\.jpe?g$/i.test(name)).sort().map(name => join(folder, name))
  if (paths.length === 0) throw new CommandError(`${folder}: has no .jpg file`)
  return Promise.all(paths.map(async path => ({ path, bytes: await readInput(path) })))
}

function packagePhotos (): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'assets')
  } catch (cause) {
    throw new CommandError(`Expected --images DIR: the package ${PACKAGE}, whose photos are the default, is not installed`, { cause })
  }
}
