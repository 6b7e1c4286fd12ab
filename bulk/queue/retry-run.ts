/** Puts shards of a finished run into the queue again. Tested by .ci/checks/bulk-queue.js. */
import { SourceError } from '../errors.ts'
import { MANIFEST } from './manifest.ts'
import type { PlanContext } from './plan-run.ts'
import { isFinished, type RunState } from './queued-run.ts'
import { cutShards } from './shard.ts'
import type { ShardJob } from './shard-queue.ts'
import { canRetry } from './tally.ts'

export interface Retried {
  /** Shards that were set apart. */
  readonly apart: number
  /** Shards with images that failed for a reason that can change. */
  readonly failed: number
  /** Images that are left out from now on. */
  readonly skipped: readonly string[]
}

/**
 * Adds the shards that were set apart, and those with images that failed for a reason that can change. The others of their images stay
 * as they are.
 * @param skipSuspects leave out the images that were in work when a machine died
 * @throws SourceError if the run is not finished
 */
export async function retryRun (context: PlanContext, state: RunState, skipSuspects: boolean): Promise<Retried> {
  const { queue, board, store } = context
  const { run } = state
  if (!isFinished(state)) {
    throw new SourceError(`The run of the queue ${queue.name} is not finished; nanodet bulk status shows what it waits for`)
  }
  const apart = new Map((await queue.setApart()).map(({ shard, suspects }) => [shard, skipSuspects ? suspects : []]))
  const failed = new Set((await board.tallies(run.shards)).flatMap((tally, number) => tally && canRetry(tally) ? [number] : []))
  const retried = { apart: apart.size, failed: failed.size, skipped: [...apart.values()].flat() }
  if (apart.size + failed.size === 0) return retried
  async function * jobs (): AsyncGenerator<ShardJob> {
    for await (const shard of cutShards(store.read(MANIFEST), run.shardSize)) {
      const skip = apart.get(shard.number)
      if (skip || failed.has(shard.number)) yield { ...shard, again: true, ...(skip?.length && { skip }) }
    }
  }
  const round = await board.nextRound()
  await queue.remove(run, [...apart.keys()])
  await queue.addRound(run, round, jobs())
  await board.setPlanned()
  return retried
}
