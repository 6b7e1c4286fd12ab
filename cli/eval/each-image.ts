import { join } from 'node:path'
import type { Io } from '../io.ts'
import { ProgressBar } from '../progress-bar.ts'

export interface Lanes {
  /** Number of images in work at a time. */
  readonly inFlight: number
  /** Shows the progress. */
  readonly io: Io
}

/**
 * Runs something on each image file, several at a time.
 * @param files relative to `folder`
 * @returns the results in the order of `files`, and the seconds that it took
 */
export async function eachImage<T> (
  folder: string, files: readonly string[], run: (path: string) => Promise<T>, { inFlight, io }: Lanes
): Promise<{ results: T[], seconds: number }> {
  const bar = new ProgressBar(files.length, io)
  const results: T[] = []
  const rest = files.entries()
  const lane = async (): Promise<void> => {
    for (const [i, file] of rest) { // the lanes share one iterator
      results[i] = await run(join(folder, file))
      bar.count('images')
    }
  }
  const start = performance.now()
  try {
    await Promise.all(Array.from({ length: inFlight }, lane))
  } finally {
    bar.stop()
  }
  return { results, seconds: (performance.now() - start) / 1000 }
}
