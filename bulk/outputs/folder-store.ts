/** Results in a folder. */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileProblem } from '../../models/file-problem.ts'
import { SourceError } from '../errors.ts'
import { collected } from './collected.ts'
import type { OutputStore } from './store.ts'

/** The name of a file while it is written. */
const PART = /\.[0-9a-f]{12}\.part$/

/**
 * A folder, made when the first file is written. Files are written beside their place, synced to disk and renamed: so each is whole or
 * absent, also after a crash, and if two processes write the same, one of them counts.
 */
export class FolderStore implements OutputStore {
  readonly name: string

  constructor (folder: string) { this.name = folder }

  async write (path: string, bytes: Uint8Array | string): Promise<void> {
    await this.#replace(path, async file => { await file.writeFile(bytes) })
  }

  async stream (path: string, chunks: AsyncIterable<Uint8Array | string>): Promise<void> {
    await this.#replace(path, async file => {
      for await (const piece of collected(chunks)) await file.writeFile(piece)
    })
  }

  async * read (path: string, range?: { readonly start: number, readonly bytes: number }): AsyncGenerator<Uint8Array> {
    if (range?.bytes === 0) return
    try {
      yield * createReadStream(this.#pathOf(path), range && { start: range.start, end: range.start + range.bytes - 1 })
    } catch (error) { throw this.#error(path, error) }
  }

  async exists (path: string): Promise<boolean> {
    return await access(this.#pathOf(path)).then(() => true, () => false)
  }

  async * list (folder: string): AsyncGenerator<string> {
    const entries = await readdir(this.#pathOf(folder), { withFileTypes: true }).catch(error => {
      if (error.code === 'ENOENT') return []
      throw this.#error(folder, error)
    })
    const names = entries.map(entry => entry.isDirectory() ? `${entry.name}/` : entry.name).filter(name => !PART.test(name)).sort()
    for (const name of names) {
      if (name.endsWith('/')) yield * this.list(folder + name)
      else yield folder + name
    }
  }

  async remove (path: string): Promise<void> {
    await rm(this.#pathOf(path), { force: true }).catch(error => { throw this.#error(path, error) })
  }

  async close (): Promise<void> {}

  #pathOf (path: string): string { return join(this.name, path) }

  async #replace (path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
    const target = this.#pathOf(path)
    const part = `${target}.${randomBytes(6).toString('hex')}.part`
    const file = await create(part).catch(error => { throw this.#error(path, error) })
    try {
      await fill(file)
      await file.datasync()
      await file.close()
      await rename(part, target)
    } catch (error) {
      await file.close().catch(() => {})
      await rm(part, { force: true })
      throw isSystemError(error) ? this.#error(path, error) : error
    }
  }

  #error (path: string, error: unknown): SourceError {
    return new SourceError(`${this.#pathOf(path)}: ${fileProblem(error)}`, { cause: error })
  }
}

/** Makes the folder only if it is missing. */
async function create (path: string): Promise<FileHandle> {
  return await open(path, 'wx').catch(async error => {
    if (error.code !== 'ENOENT') throw error
    await mkdir(dirname(path), { recursive: true })
    return await open(path, 'wx')
  })
}

const isSystemError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).syscall === 'string'
