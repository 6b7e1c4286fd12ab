import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError, fileError, readInput } from '../command.ts'

/** A photo and its path. */
export interface Photo { readonly path: string, readonly bytes: Uint8Array }

const PACKAGE = 'nanodet-m-416-tfjs'
const OWN = new URL('../../../docs/images/', import.meta.url)

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
