/** Finds files below a folder. */
import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { decodeName, toPath } from './file-name.ts'

export interface WalkOptions {
  /** Whether a file is wanted, by its path below the folder. */
  readonly accepts: (path: string) => boolean
  /** The folder of results: it is passed over, and so are its pictures. */
  readonly exclude?: string | undefined
  /** Maximum number of folders between the start and a file. */
  readonly maxDepth?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A folder that is being listed. `entries` are names, sorted; those of folders end with a slash. */
interface Level { readonly path: string, readonly identity: string, readonly entries: readonly string[], next: number }

interface Walk { readonly levels: Level[], readonly group: string[], readonly options: WalkOptions }

/** Files that are returned together. */
const GROUP = 64
/** Entries that one call to the system returns: the default of 32 takes twice the time. */
const BUFFERED = 1024

/**
 * Paths of the files below a folder, relative to it, in groups. Each folder's entries are sorted; hidden ones are passed over. Links are
 * followed, except to a folder that contains them. Only the names of open folders are kept. A folder below it that can't be read counts as
 * a file, so that it is not missed.
 * @throws what opendir throws, for the folder itself
 */
export async function * walk (folder: string, options: WalkOptions): AsyncGenerator<string[]> {
  const levels = [await openLevel(folder, '')]
  let group: string[] = []
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    options.signal?.throwIfAborted()
    const entry = level.entries[level.next++]
    if (entry === undefined) levels.pop()
    else if (!entry.endsWith('/')) addTo(group, level.path + entry, options)
    else if (levels.length <= (options.maxDepth ?? Infinity)) await enter(folder, level.path + entry, { levels, group, options })
    if (group.length >= GROUP) {
      yield group
      group = []
    }
  }
  if (group.length > 0) yield group
}

function addTo (group: string[], path: string, { accepts }: WalkOptions): void {
  if (accepts(path)) group.push(path)
}

async function enter (folder: string, path: string, { levels, group, options }: Walk): Promise<void> {
  try {
    const level = await openLevel(folder, path)
    const isOpen = levels.some(({ identity }) => identity === level.identity)
    if (!isOpen && !await isOutput(level.identity, options.exclude)) levels.push(level)
  } catch {
    group.push(path.slice(0, -1))
  }
}

async function openLevel (folder: string, path: string): Promise<Level> {
  const full = pathBelow(folder, path)
  const identity = toIdentity(await stat(toPath(full), { bigint: true }))
  const entries: string[] = []
  for await (const entry of await openFolder(full)) {
    const name = decodeName(entry.name)
    if (!name.startsWith('.')) entries.push(await isFolder(entry, pathBelow(full, name)) ? `${name}/` : name)
  }
  return { path, identity, entries: entries.sort(), next: 0 }
}

interface ByteEntry extends Omit<Dirent, 'name'> { readonly name: Buffer }

/** Node's types lack names as bytes. */
async function openFolder (path: string): Promise<AsyncIterable<ByteEntry>> {
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: BUFFERED }
  return await opendir(toPath(path), options) as unknown as AsyncIterable<ByteEntry>
}

/** A broken link counts as a file. */
async function isFolder (entry: ByteEntry, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return await stat(toPath(path)).then(found => found.isDirectory(), () => false)
}

/** `photos` and `a/b.jpg` → `photos/a/b.jpg`; the working directory adds nothing. */
export function pathBelow (folder: string, path: string): string {
  if (folder === '.') return path === '' ? folder : path
  return `${folder.replace(/\/+$/, '')}/${path}`
}

/** Folders of pictures in a folder of results. */
export const PICTURES = ['drawings', 'crops']

async function isOutput (identity: string, folder: string | undefined): Promise<boolean> {
  if (folder === undefined) return false
  const identities = await Promise.all(['', ...PICTURES].map(name => identityOf(pathBelow(folder, name))))
  return identities.includes(identity)
}

interface Identified { readonly dev: bigint, readonly ino: bigint }

const toIdentity = ({ dev, ino }: Identified): string => `${dev}:${ino}`

/** Equal for two paths of one file or folder. @returns undefined if it does not exist */
export async function identityOf (path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  return await stat(toPath(path), { bigint: true }).then(toIdentity, () => undefined)
}
