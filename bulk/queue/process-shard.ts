import type { Item } from '../item.ts'
import { hasFailed, type Line } from '../line.ts'
import type { OutputStore } from '../outputs/store.ts'
import { readItems } from './manifest.ts'
import type { Shard } from './shard.ts'
import { canChange, notProcessed, readShard, writeShard } from './shard-file.ts'
import { tallyOf, type Tally } from './tally.ts'

/**
 * Runs images, several at a time, and hands out the line of each. Resolves once all are done or, after `signal`, once those in work are.
 * @throws errors that are not of an image
 */
export type RunItems = (items: AsyncIterable<Item>, onLine: (line: Line) => void, signal: AbortSignal) => Promise<void>

export interface ShardContext {
  readonly store: OutputStore
  readonly run: RunItems
  /** Hands the shard back: images in work end. */
  readonly signal: AbortSignal
  /** Run the images again that failed for a reason that can change. */
  readonly again?: boolean
  /** Names of images to leave out. */
  readonly skip?: readonly string[]
  readonly watch?: ShardWatch
  /** Whether the results are still wanted: asked before they are written. */
  readonly isWanted?: () => Promise<boolean>
}

/** Sees the images come and go. */
export interface ShardWatch {
  begin (name: string): void
  end (name: string, failed: boolean): void
}

const LEFT_OUT = 'Left out: it was in work when a machine died'

/**
 * Runs the images of a shard and writes their lines, unless an earlier run has.
 * @returns what came of the images; undefined if `signal` came first, or nobody wants the results any more
 * @throws SourceError, and what `run` throws
 */
export async function processShard (shard: Shard, context: ShardContext): Promise<Tally | undefined> {
  const { store, again = false, signal } = context
  const items = await readItems(store, shard)
  const earlier = await readShard(store, shard.number, items)
  if (earlier && !again) return tallyOf(earlier)
  const lines = new Map((earlier ?? []).filter(line => !canChange(line)).map(line => [line.file, line]))
  await runMissing(items, lines, context)
  if (signal.aborted && lines.size < items.length) return undefined
  if (await context.isWanted?.() === false) return undefined
  const all = items.map(({ name }) => lines.get(name)!)
  await writeShard(store, shard.number, all)
  return tallyOf(all)
}

async function runMissing (items: readonly Item[], lines: Map<string, Line>, context: ShardContext): Promise<void> {
  const { run, skip = [], signal, watch } = context
  const leftOut = new Set(skip)
  for (const item of items) if (leftOut.has(item.name) && !lines.has(item.name)) lines.set(item.name, notProcessed(item, LEFT_OUT))
  async function * missing (): AsyncGenerator<Item> {
    for (const item of items) {
      if (lines.has(item.name)) continue
      watch?.begin(item.name)
      yield item
    }
  }
  await run(missing(), line => {
    lines.set(line.file, line)
    watch?.end(line.file, hasFailed(line))
  }, signal)
}
