import type { Io } from './io.ts'
import { reportErrors } from './program.ts'

/**
 * Prints the text that each item gives. A CommandError is a line on stderr, and does not stop the others.
 * @returns the exit code: the highest of all items
 */
export async function forEach<T> (items: readonly T[], io: Io, run: (item: T) => Promise<string>): Promise<number> {
  let exitCode = 0
  for (const item of items) {
    exitCode = Math.max(exitCode, await reportErrors(io, async () => {
      io.stdout.write(await run(item))
      return 0
    }))
  }
  return exitCode
}
