import type { Item, Source } from '../item.ts'
import { hasFailed } from '../line.ts'
import { ReadBuffer } from '../read-buffer.ts'
import { runLanes } from './lanes.ts'
import { makeLine, type LineContext } from './make-line.ts'
import type { ResultsFile, Summary } from './results-file.ts'

/** How far a run is. */
export interface Progress {
  /** Images with a result, found by this run. */
  done: number
  /** Images that failed in this run. */
  failed: number
  /** Images that had a line already. */
  skipped: number
}

export interface RunOptions {
  /** Lines are added to it. It is finished at the end, unless the run ends with an error. */
  readonly results: ResultsFile
  /** Worker processes of the model: twice as many images are in work, so that reading and hashing cost no time. */
  readonly workers: number
  /** Also run images again whose failure another try can change. */
  readonly retryFailed?: boolean
  /** The folder had another run: files about its images are removed. */
  readonly overwrite?: boolean
  /** Aborted: images in work end, and no other is begun. */
  readonly signal?: AbortSignal | undefined
  /** Called after every image. */
  readonly onProgress?: (progress: Readonly<Progress>) => void
}

/** What a run did, and all that its file has now. */
export interface Ran extends Progress { readonly summary: Summary }

/** Images in work for each worker. */
export const LANES_PER_WORKER = 2

/**
 * Makes a line for every image of a source that has none, or that has changed since. An image that is listed twice counts once.
 * @throws SourceError if the source or the output fails; ModelLoadError if the model can't run any more
 */
export async function runImages (source: Source, context: LineContext, options: RunOptions): Promise<Ran> {
  const run = new Run(source, context, options)
  try {
    await run.run()
  } catch (error) {
    await options.results.close().catch(() => {}) // the first error counts
    throw error
  }
  return { ...run.progress, summary: await options.results.finish() }
}

class Run {
  readonly progress: Progress = { done: 0, failed: 0, skipped: 0 }
  readonly #source: Source
  readonly #context: LineContext
  readonly #options: RunOptions

  constructor (source: Source, context: LineContext, options: RunOptions) {
    this.#source = source
    this.#context = context
    this.#options = options
  }

  async run (): Promise<void> {
    const { workers, signal } = this.#options
    const lanes = LANES_PER_WORKER * workers
    const buffers = Array.from({ length: lanes }, () => new ReadBuffer())
    await runLanes(this.#missing(), { lanes, signal }, (item, lane) => this.#image(item, buffers[lane]!))
  }

  async * #missing (): AsyncGenerator<Item> {
    const { results: { index }, retryFailed = false, signal } = this.#options
    for await (const item of this.#source.items(signal)) {
      if (!index.take(item.name)) continue
      if (index.hasStamp(item.name, item.stamp, retryFailed)) this.#count('skipped')
      else yield item
    }
  }

  async #image (item: Item, buffer: ReadBuffer): Promise<void> {
    const { results, retryFailed = false, overwrite = false } = this.#options
    const isKnown = (sha256: string): boolean => results.index.hasContent(item.name, sha256, retryFailed)
    const line = await makeLine(item, this.#context, { buffer, isKnown, isChanged: overwrite || results.index.hasLine(item.name) })
    if (line) results.append(line)
    else await results.restamp(item.name, item.stamp)
    this.#count(!line ? 'skipped' : hasFailed(line) ? 'failed' : 'done')
  }

  #count (kind: keyof Progress): void {
    this.progress[kind]++
    this.#options.onProgress?.(this.progress)
  }
}
