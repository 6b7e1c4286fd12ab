import { createWriteStream, ftruncateSync, writeSync } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileProblem } from '../../models/file-problem.ts'
import { SourceError } from '../errors.ts'
import { FAILURE_CODES, type FailureCode } from '../failure.ts'
import { hasFailed, type Line } from '../line.ts'
import { DoneIndex } from './done-index.ts'
import { parseLine, readLines } from './read-lines.ts'

export const RESULTS = 'results.jsonl'
export const FAILED = 'failed.jsonl'

/** Milliseconds after which lines are synced to the disk, which a crash of the machine may otherwise take. */
const SYNC_INTERVAL = 1000

/** What the lines of a run say. */
export interface Summary {
  readonly images: number
  readonly failed: number
  readonly byCode: Readonly<Partial<Record<FailureCode, number>>>
}

/** The lines of a finished run. @throws the reason of `signal` */
export async function * readResults (folder: string, signal?: AbortSignal): AsyncGenerator<Line> {
  signal?.throwIfAborted()
  for await (const { bytes } of readLines(join(folder, RESULTS))) {
    signal?.throwIfAborted()
    yield parseLine(bytes)!
  }
}

/** results.jsonl: a line for each image, appended as soon as the image is done. */
export class ResultsFile {
  /** The images that have a line. */
  readonly index = new DoneIndex()
  readonly #folder: string
  readonly #file: FileHandle
  #bytes = 0
  /** Lines that `finish` drops. */
  #superseded = 0
  #syncing: Promise<void> | undefined
  #synced = performance.now()

  private constructor (folder: string, file: FileHandle) {
    this.#folder = folder
    this.#file = file
  }

  /** Opens the file of a folder, or makes it. A last line that was not written to its end is cut off. @throws SourceError */
  static async open (folder: string): Promise<ResultsFile> {
    const path = join(folder, RESULTS)
    const results = new ResultsFile(folder, await open(path, 'a+').catch(cause => { throw fileError(path, cause) }))
    await results.#about(RESULTS, results.#read())
    return results
  }

  /**
   * Appends a line, which replaces an earlier one of its image; the system has it when this returns. It takes microseconds, a fraction of
   * the CPU time of an asynchronous write.
   * @throws SourceError
   */
  append (line: Line): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(this.#file.fd, bytes, written)
    } catch (cause) {
      this.#cutOff()
      throw fileError(join(this.#folder, RESULTS), cause)
    }
    if (this.#put(line, this.#bytes)) this.#superseded++
    this.#bytes += bytes.length
    this.#syncNowAndThen()
  }

  /** Gives an image's line another stamp: the file was touched, and has the same content. @throws SourceError */
  async restamp (file: string, stamp: string): Promise<void> {
    const start = this.index.offsetOf(file)
    const { value } = await this.#about(RESULTS, readLines(join(this.#folder, RESULTS), { start }).next())
    this.append({ ...parseLine(value!.bytes)!, stamp })
  }

  /** Drops superseded lines, writes failed.jsonl, and closes the file. @throws SourceError */
  async finish (): Promise<Summary> {
    const counted = { images: 0, failed: 0, byCode: {} as Partial<Record<FailureCode, number>> }
    if (this.#superseded > 0) await this.#replace(RESULTS, this.#lines())
    await this.#replace(FAILED, this.#failedLines(counted))
    await this.close()
    return counted
  }

  /** Closes the file as it is. Every line that was appended is in it. */
  async close (): Promise<void> {
    await this.#syncing
    await this.#about(RESULTS, this.#file.datasync().finally(() => this.#file.close()))
  }

  async #read (): Promise<void> {
    for await (const { bytes, offset } of readLines(join(this.#folder, RESULTS))) {
      const line = parseLine(bytes)
      if (!line || this.#put(line, offset)) this.#superseded++
      this.#bytes = offset + bytes.length + 1
    }
    await this.#file.truncate(this.#bytes)
  }

  #put (line: Line, offset: number): boolean {
    return this.index.put(line, offset, hasFailed(line) && FAILURE_CODES[line.error.code])
  }

  /** If the disk is full, part of a line may be written. */
  #cutOff (): void {
    try {
      ftruncateSync(this.#file.fd, this.#bytes)
    } catch {} // the next run does it
  }

  /** In the background: lines are written meanwhile. */
  #syncNowAndThen (): void {
    if (this.#syncing || performance.now() - this.#synced < SYNC_INTERVAL) return
    this.#syncing = this.#file.datasync().catch(() => {}).finally(() => { // `close` reports what stays wrong
      this.#syncing = undefined
      this.#synced = performance.now()
    })
  }

  /** Each image's last line. */
  async * #lines (): AsyncGenerator<Buffer> {
    for await (const { bytes, offset } of readLines(join(this.#folder, RESULTS), { end: this.#bytes })) {
      const line = parseLine(bytes)
      if (line && this.index.isLast(line.file, offset)) yield Buffer.concat([bytes, Buffer.from('\n')])
    }
  }

  /** Counts on the way. */
  async * #failedLines (counted: { images: number, failed: number, byCode: Partial<Record<FailureCode, number>> }): AsyncGenerator<Buffer> {
    for await (const { bytes } of readLines(join(this.#folder, RESULTS))) {
      counted.images++
      const line = parseLine(bytes)!
      if (!hasFailed(line)) continue
      counted.failed++
      counted.byCode[line.error.code] = (counted.byCode[line.error.code] ?? 0) + 1
      yield Buffer.concat([bytes, Buffer.from('\n')])
    }
  }

  /** In one step: after a crash there is the old file or the new one. */
  async #replace (name: string, lines: AsyncIterable<Buffer>): Promise<void> {
    const path = join(this.#folder, name)
    try {
      await pipeline(lines, createWriteStream(`${path}.part`, { flush: true }))
      await rename(`${path}.part`, path)
    } catch (cause) {
      await rm(`${path}.part`, { force: true })
      throw fileError(path, cause)
    }
  }

  async #about<T> (name: string, done: Promise<T>): Promise<T> {
    return await done.catch(cause => { throw fileError(join(this.#folder, name), cause) })
  }
}

const fileError = (path: string, cause: unknown): SourceError => new SourceError(`${path}: ${fileProblem(cause)}`, { cause })
