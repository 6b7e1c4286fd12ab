/** Puts a run into the queue. Tested by .ci/checks/bulk-queue.js. */
import { OtherRunError } from '../errors.ts'
import type { Item } from '../item.ts'
import type { OutputStore } from '../outputs/store.ts'
import type { Run } from '../run/run-file.ts'
import type { Board } from './board.ts'
import { MANIFEST, writeManifest } from './manifest.ts'
import { claimOutput, clearOutput, measure } from './output.ts'
import { isFinished, type QueuedRun, type RunState } from './queued-run.ts'
import { cutShards } from './shard.ts'
import type { ShardJob, ShardQueue } from './shard-queue.ts'

export interface PlanContext {
  readonly queue: ShardQueue
  readonly board: Board
  readonly store: OutputStore
}

export interface PlanOptions {
  readonly run: Run
  /** Without what the manifest says. */
  readonly queued: Omit<QueuedRun, 'images' | 'shards'>
  /** Called once the output is claimed; not if it has a manifest. */
  readonly items: () => AsyncIterable<Item>
  /** Drop the results in the output. */
  readonly overwrite: boolean
  /** Drop the unfinished run of the queue. */
  readonly replace: boolean
}

export interface Planned {
  readonly queued: QueuedRun
  /** Shards that were added: all but those that are done or in the queue. */
  readonly added: number
  /** The manifest was there: the images were not listed again. */
  readonly hadManifest: boolean
  /** Nothing was left to do. */
  readonly wasFinished: boolean
  /** A finished run is merged again, for formats that it lacks. */
  readonly mergesAgain: boolean
}

/**
 * Lists the images and adds their shards. After it was killed, running it again completes it; nothing is added twice.
 * @throws OtherRunError if the queue has another unfinished run, or the output another run's results; SourceError
 */
export async function planRun (context: PlanContext, options: PlanOptions): Promise<Planned> {
  const { board, store } = context
  const { run, queued, overwrite } = options
  await makeRoom(context, options)
  if (overwrite) await clearOutput(store)
  await claimOutput(store, run)
  const hadManifest = await store.exists(MANIFEST)
  if (!hadManifest) await writeManifest(store, options.items())
  const whole = { ...queued, ...await measure(store, queued.shardSize) }
  const mergesAgain = await mergeAgain(board, whole)
  await board.begin(whole)
  const state = (await board.read())!
  if (isFinished(state)) return { queued: whole, added: 0, hadManifest, wasFinished: true, mergesAgain }
  const added = await addMissing(context, whole, state)
  await board.setPlanned()
  return { queued: whole, added, hadManifest, wasFinished: false, mergesAgain }
}

/** Begins a round without shards if the run is finished and lacks formats. @returns whether it does */
async function mergeAgain (board: Board, run: QueuedRun): Promise<boolean> {
  const found = await board.read()
  if (!found || !isFinished(found) || !lacksFormats(found.run, run)) return false
  await board.nextRound(found.round)
  return true
}

const lacksFormats = (found: QueuedRun, { formats, annotations }: QueuedRun): boolean =>
  formats.some(name => !found.formats.includes(name)) || (formats.length > 0 && annotations !== found.annotations)

/** A queue has one run at a time. What it keeps of a run whose results are gone counts as nothing. */
async function makeRoom ({ queue, board, store }: PlanContext, { queued, overwrite, replace }: PlanOptions): Promise<void> {
  const found = await board.read()
  if (!found) return
  const isOther = found.run.id !== queued.id
  if (isOther && !isFinished(found) && !replace) {
    throw new OtherRunError(`The queue ${queue.name} has an unfinished run into ${found.run.out}; choose another --queue, or drop it with --replace`)
  }
  if (!isOther && found.run.shardSize !== queued.shardSize && !overwrite) {
    throw new OtherRunError(`This run was planned with --shard-size ${found.run.shardSize}`)
  }
  if (!isOther && !overwrite && await store.exists(MANIFEST)) return
  await queue.clear()
  await board.forget()
}

async function addMissing ({ queue, board, store }: PlanContext, run: QueuedRun, { round }: RunState): Promise<number> {
  const tallies = await board.tallies(run.shards)
  const apart = new Set((await queue.setApart()).map(({ shard }) => shard))
  async function * missing (): AsyncGenerator<ShardJob> {
    for await (const shard of cutShards(store.read(MANIFEST), run.shardSize)) {
      if (!tallies[shard.number] && !apart.has(shard.number)) yield shard
    }
  }
  return await queue.addRound(run, round, missing())
}
