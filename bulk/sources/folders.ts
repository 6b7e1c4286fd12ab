/** Sources in a file system: folders and patterns. */
import { realpath } from 'node:fs/promises'
import picomatch from 'picomatch'
import { isImageName } from '../../engine/image/image-name.ts'
import { fileProblem } from '../../models/file-problem.ts'
import { SourceError } from '../errors.ts'
import { toPath } from './file-name.ts'
import { identityOf, pathBelow, PICTURES, walk, type WalkOptions } from './walk.ts'

/** A folder below a source that is passed over, and what stops the search. */
export type FolderOptions = Pick<WalkOptions, 'exclude' | 'signal'>

/** Names of the images below a folder, in groups. @throws SourceError if it can't be read */
export function namesBelow (folder: string, options: FolderOptions): AsyncGenerator<string[]> {
  return namesFrom(folder, { ...options, accepts: isImageName })
}

/** @throws SourceError if the results would be written between the images of a folder: the next run would take drawings for images */
export async function checkApart (folder: string, exclude: string | undefined): Promise<void> {
  const output = await identityOf(exclude)
  if (output === undefined || output !== await identityOf(folder)) return
  throw new SourceError(`${folder}: is the output folder, too; write the results to a folder inside it, or elsewhere`)
}

/** @throws SourceError for a folder with pictures of the run itself: each run would draw those of the last */
async function checkNoPictures (folder: string, exclude: string | undefined): Promise<void> {
  if (exclude === undefined) return
  const path = `${await realpath(toPath(folder))}/`
  for (const name of PICTURES) {
    const pictures = await realpath(toPath(pathBelow(exclude, name))).catch(() => undefined)
    if (pictures !== undefined && path.startsWith(`${pictures}/`)) throw new SourceError(`${folder}: has pictures of this run; choose another --out for them`)
  }
}

export function isPattern (name: string): boolean {
  const { isGlob, isBrace } = picomatch.scan(name)
  return isGlob || isBrace === true
}

/**
 * Names of the files that a pattern matches, in groups. One that ends with * takes images only; others take whatever they match.
 * @throws SourceError if the folder that it begins with can't be read
 */
export function namesMatching (pattern: string, options: FolderOptions): AsyncGenerator<string[]> {
  const { base, glob } = picomatch.scan(pattern)
  const matches = picomatch(glob)
  const accepts = pattern.endsWith('*') ? (path: string) => isImageName(path) && matches(path) : (path: string) => matches(path)
  return namesFrom(base === '' ? '.' : base.replace(/\\(.)/g, '$1'), { ...options, accepts, maxDepth: depthOf(glob) })
}

/** Folders between a pattern's start and its files, if they are known. */
const depthOf = (glob: string): number | undefined => /\*\*|[{(]/.test(glob) ? undefined : glob.split('/').length - 1

async function * namesFrom (folder: string, options: WalkOptions): AsyncGenerator<string[]> {
  try {
    await checkNoPictures(folder, options.exclude)
    for await (const paths of walk(folder, options)) yield paths.map(path => pathBelow(folder, path))
  } catch (error) {
    options.signal?.throwIfAborted()
    throw error instanceof SourceError ? error : new SourceError(`${folder}: ${fileProblem(error)}`, { cause: error })
  }
}
