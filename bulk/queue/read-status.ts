/** Reads a queue's status from Redis: a few commands, whatever the number of shards. Tested by .ci/checks/bulk-queue.js. */
import type { Board } from './board.ts'
import type { ShardQueue } from './shard-queue.ts'
import { toStatus, type Status } from './status.ts'

/** Shards set apart that are shown. */
const MAX_SHOWN = 20

export async function readStatus (queue: ShardQueue, board: Board): Promise<Status> {
  const now = await board.now()
  const [state, jobs, totals, machines, found] = await Promise.all([
    board.read(), queue.jobs(), board.totals(), board.machines(now), queue.setApart(MAX_SHOWN)
  ])
  const setApart = found.map(({ shard, reason, suspects }) => ({ shard, reason, suspects }))
  return toStatus({ queue: queue.name, state, jobs, totals, machines, setApart, now })
}
