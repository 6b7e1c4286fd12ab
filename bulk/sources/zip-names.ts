/** Images in zip files, by names such as `photos.zip!/a/b.jpg`. */
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isImageName } from '../../engine/image/image-name.ts'
import { SourceError, UnreadableError } from '../errors.ts'
import type { Item } from '../item.ts'
import { toPath } from './file-name.ts'
import { pathProblem } from './files.ts'
import { ZipFile } from './zip.ts'

/** A zip file and one of its entries. */
export interface ZipName { readonly zip: string, readonly entry: string }

interface Opened { readonly file: Promise<ZipFile>, readonly version: string, readonly uses: Set<Promise<unknown>> }

/** Zip files that are open at a time: each takes memory for its index. */
const MAX_OPEN = 4
const IN_ZIP = /^(.+?\.zip)!\/(.*)$/is

export const isZipName = (path: string): boolean => /\.zip$/i.test(path)

/** The parts of a name. @returns undefined if it does not name an entry of a zip file */
export function parseZipName (name: string): ZipName | undefined {
  const [, zip, entry] = IN_ZIP.exec(name) ?? []
  return zip === undefined || entry === undefined ? undefined : { zip, entry }
}

/** Zip files, opened when one of their images is read. */
export class ZipFiles {
  readonly #opened = new Map<string, Opened>()

  /** The images in a zip file, in its order, but nothing hidden. @throws SourceError if it can't be read */
  async * items (zip: string): AsyncGenerator<Item> {
    const file = await this.#use(zip, async file => file).catch(error => { throw new SourceError(`${zip}: ${error.message}`, { cause: error }) })
    for (const entry of file.names()) {
      if (isImageName(entry) && isVisible(entry)) yield { name: `${zip}!/${entry}`, stamp: file.stamp(entry) }
    }
  }

  /** An empty text if it can't be read. */
  async stamp ({ zip, entry }: ZipName): Promise<string> {
    return await this.#use(zip, async file => file.stamp(entry)).catch(() => '')
  }

  /** @throws UnreadableError */
  async read ({ zip, entry }: ZipName): Promise<Uint8Array> {
    return await this.#use(zip, file => file.read(entry)).catch(error => {
      throw error instanceof UnreadableError ? error : new UnreadableError(`${zip}: ${error.message}`, { cause: error })
    })
  }

  async close (): Promise<void> {
    await Promise.all([...this.#opened.keys()].map(zip => this.#drop(zip)))
  }

  /** Opens a zip file, also if another has taken its place, and keeps it open until `use` is done. */
  async #use<T> (zip: string, use: (file: ZipFile) => Promise<T>): Promise<T> {
    const version = versionOf(await stat(toPath(zip)).catch(error => { throw new Error(pathProblem(error), { cause: error }) }))
    const { file, uses } = this.#find(zip, version)
    const used = file.then(use)
    uses.add(used)
    return await used.finally(() => uses.delete(used))
  }

  #find (zip: string, version: string): Opened {
    const opened = this.#opened.get(zip)
    if (opened && opened.version !== version) this.#drop(zip)
    const current = opened?.version === version ? opened : { file: openZip(zip), version, uses: new Set<Promise<unknown>>() }
    this.#opened.delete(zip)
    this.#opened.set(zip, current) // the last used is the last
    for (const oldest of this.#opened.keys()) if (this.#opened.size > MAX_OPEN) this.#drop(oldest)
    return current
  }

  async #drop (zip: string): Promise<void> {
    const opened = this.#opened.get(zip)
    this.#opened.delete(zip)
    await Promise.allSettled(opened?.uses ?? [])
    await opened?.file.then(file => file.close(), () => {})
  }
}

const versionOf = ({ ino, size, mtimeMs }: Stats): string => `${ino}-${size}-${mtimeMs}`

async function openZip (zip: string): Promise<ZipFile> {
  return await ZipFile.open(zip).catch((error: Error) => {
    throw new Error('syscall' in error ? pathProblem(error) : `not a zip file that can be read: ${error.message}`, { cause: error })
  })
}

const isVisible = (path: string): boolean => !path.split('/').some(part => part.startsWith('.') && part !== '.' && part !== '..')
