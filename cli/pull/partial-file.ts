import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { fileError } from '../files.ts'

const stateSchema = z.object({ url: z.string(), validator: z.string().optional(), total: z.number().optional() })

/** What a partial file is part of. */
export interface PartialState {
  readonly url: string
  /** Strong ETag or date that names this version of the file; without one, a download can't be resumed. */
  readonly validator?: string | undefined
  /** Bytes of the whole file. */
  readonly total?: number | undefined
}

/** A download that is not complete: the bytes so far, and beside them what they belong to. It survives the process. */
export class PartialFile {
  readonly path: string
  readonly #statePath: string

  constructor (path: string) {
    this.path = path
    this.#statePath = `${path}.json`
  }

  async size (): Promise<number> { return (await stat(this.path).catch(() => undefined))?.size ?? 0 }

  /** What the bytes belong to, if this source's; undefined if a download has to start anew. */
  async state (url: string): Promise<PartialState | undefined> {
    const text = await readFile(this.#statePath, 'utf8').catch(() => '')
    const parsed = stateSchema.safeParse(parse(text))
    return parsed.data?.url === url ? parsed.data : undefined
  }

  /** Empties the file for a download from its first byte. @throws CommandError */
  async begin (state: PartialState): Promise<void> {
    await this.#guarded(async () => {
      await rm(this.#statePath, { force: true }) // bytes and state never belong to different files
      await writeFile(this.path, '')
      await writeFile(this.#statePath, JSON.stringify(state))
    })
  }

  /**
   * Appends chunks as they come.
   * @param onBytes is called with the number of bytes of each
   * @throws CommandError if they can't be written; the source's error
   */
  async append (chunks: AsyncIterable<Uint8Array>, onBytes: (count: number) => void): Promise<void> {
    const handle = await this.#guarded(() => open(this.path, 'a'))
    try {
      for await (const chunk of chunks) {
        onBytes(chunk.length)
        await this.#guarded(() => handle.appendFile(chunk))
      }
    } finally {
      await handle.close()
    }
  }

  /** Replaces the target, atomically. @throws CommandError */
  async moveTo (target: string): Promise<void> {
    await this.#guarded(() => rename(this.path, target))
  }

  async discard (): Promise<void> {
    await rm(this.path, { force: true })
    await rm(this.#statePath, { force: true })
  }

  async #guarded<T> (work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw fileError(this.path, error)
    }
  }
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
