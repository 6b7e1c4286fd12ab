import type { Line } from '../line.ts'
import type { OutputStore } from '../outputs/store.ts'

export interface FormatContext {
  /** The model's, by class id. */
  readonly labels: readonly string[]
  /** COCO's annotations file whose image ids and category ids are used. */
  readonly annotations?: string | undefined
}

/** Reads all lines of a run, in their order, each time it is called. */
export type Lines = () => AsyncIterable<Line>

/** Converts a run's lines. None of the files is there under its name before it is complete. */
export interface Format {
  /** As --format names it. */
  readonly name: string
  /** What is written, for messages: `results.csv`. */
  readonly path: string
  /** Files that state the whole run: they go when it is replaced. */
  readonly files: readonly string[]
  /** @returns remarks for the user, one sentence each. @throws SourceError; what `lines` throws */
  write (lines: Lines, store: OutputStore, context: FormatContext): Promise<readonly string[]>
}
