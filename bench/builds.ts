import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../cli/errors.ts'

/** Two builds, each by its server's main.js. */
export interface Builds { readonly a: string, readonly b: string }

/**
 * The servers of two folders with builds; undefined if neither has one: then they are models.
 * @throws UsageError if only one has
 */
export function findBuilds ([a, b]: readonly [string, string]): Builds | undefined {
  const mains = [a, b].map(mainOf)
  if (mains.every(main => main === undefined)) return undefined
  const [mainA, mainB] = mains
  if (mainA !== undefined && mainB !== undefined) return { a: mainA, b: mainB }
  throw new UsageError(`--compare: only one of ${a} and ${b} is a folder with a build`)
}

function mainOf (folder: string): string | undefined {
  const main = resolve(join(folder, 'server/main.js'))
  return existsSync(main) ? main : undefined
}
