/** Puts shards of a finished run into the queue again. Tested by .ci/checks/bulk-queue.js. */
import { SourceError } from '../errors.ts'
import type { OutputStore } from '../outputs/store.ts'
import { MANIFEST } from './manifest.ts'
import type { PlanContext } from './plan-run.ts'
import { isFinished, type RunState } from './queued-run.ts'
import { cutShards, shardPath } from './shard.ts'
import type { ShardJob, ShardQueue } from './shard-queue.ts'
import { canRetry, type Tally } from './tally.ts'

export interface Retried {
  /** Shards without results: most were set apart. */
  readonly apart: number
  /** Shards with images that failed for a reason that can change. */
  readonly failed: number
  /** Images that are left out from now on. */
  readonly skipped: readonly string[]
}

/**
 * Adds the shards without results, and those with images that failed for a reason that can change. The others of their images stay
 * as they are. Most shards without results were set apart; Redis may have lost others, or a file may be gone.
 * @param skipSuspects leave out the images that were in work when a machine died
 * @throws SourceError if the run is not finished
 */
export async function retryRun (context: PlanContext, state: RunState, skipSuspects: boolean): Promise<Retried> {
  const { queue, board, store } = context
  const { run } = state
  if (!isFinished(state)) throw notFinished(queue)
  const tallies = await board.tallies(run.shards)
  const missing = await missingShards(store, tallies)
  const suspects = new Map((await queue.setApart()).map(({ shard, suspects }) => [shard, suspects]))
  const apart = new Map(missing.map(number => [number, skipSuspects ? suspects.get(number) ?? [] : []]))
  const failed = new Set(tallies.flatMap((tally, number) => tally && canRetry(tally) && !apart.has(number) ? [number] : []))
  const retried = { apart: apart.size, failed: failed.size, skipped: [...apart.values()].flat() }
  if (apart.size + failed.size === 0) return retried
  async function * jobs (): AsyncGenerator<ShardJob> {
    for await (const shard of cutShards(store.read(MANIFEST), run.shardSize)) {
      const skip = apart.get(shard.number)
      if (skip || failed.has(shard.number)) yield { ...shard, again: true, ...(skip?.length && { skip }) }
    }
  }
  const round = await board.nextRound(state.round)
  if (round === 0) throw notFinished(queue)
  await queue.remove(run, [...apart.keys()])
  await queue.addRound(run, round, jobs())
  await board.setPlanned()
  return retried
}

async function missingShards (store: OutputStore, tallies: readonly (Tally | undefined)[]): Promise<number[]> {
  const present = new Set<string>()
  for await (const path of store.list('shards/')) present.add(path)
  return tallies.flatMap((tally, number) => tally && present.has(shardPath(number)) ? [] : [number])
}

const notFinished = ({ name }: ShardQueue): SourceError =>
  new SourceError(`The run of the queue ${name} is not finished; nanodet bulk status shows what it waits for`)
