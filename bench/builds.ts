import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../cli/command.ts'

/** Two builds, each by its server's main.js. */
export interface Builds { readonly a: string, readonly b: string }

/**
 * The servers of two folders with builds; undefined where neither has one: then they are models.
 * @throws UsageError where only one has
 */
export function findBuilds ([a, b]: readonly [string, string]): Builds | undefined {
  const mains = [a, b].map(mainOf)
  if (mains.every(main => main === undefined)) return undefined
  const [mainA, mainB] = mains
  if (mainA !== undefined && mainB !== undefined) return { a: mainA, b: mainB }
  throw new UsageError(`--compare: ${a} and ${b}: one is a build, one is not`)
}

function mainOf (folder: string): string | undefined {
  const main = resolve(join(folder, 'server/main.js'))
  return existsSync(main) ? main : undefined
}
