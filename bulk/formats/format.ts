import type { Line } from '../line.ts'
import type { OutputStore } from '../outputs/store.ts'

export interface FormatContext {
  /** The model's, by class id. */
  readonly labels: readonly string[]
  /** COCO's annotations file whose image ids and category ids are used. */
  readonly annotations?: string | undefined
}

/** Converts a run's lines. `lines` may be called more than once; each time it reads all of them, in their order. */
export interface Format {
  /** As --format names it. */
  readonly name: string
  /** What is written, for messages: `results.csv`. */
  readonly path: string
  write (lines: () => AsyncIterable<Line>, store: OutputStore, context: FormatContext): Promise<void>
}
