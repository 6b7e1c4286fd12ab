/** How far a run is, from the few numbers that Redis keeps: its cost does not depend on the number of shards. */
import { FAILURE_CODES } from '../failure.ts'
import { isFinished, type RunState } from './queued-run.ts'

/** A `nanodet bulk work`, as it reports itself every two seconds. */
export interface Machine {
  readonly host: string
  readonly pid: number
  readonly workers: number
  /** Of the last half minute. */
  readonly imagesPerSecond: number
  /** The shard in work and its finished images; undefined if it waits for one. */
  readonly shard?: number | undefined
  readonly done: number
  readonly failed: number
  /** Redis's time of the report, in milliseconds. */
  readonly at: number
}

export interface SetApart { readonly shard: number, readonly reason: string, readonly suspects: readonly string[] }

export interface Facts {
  readonly queue: string
  readonly state: RunState | undefined
  /** Jobs of the queue. */
  readonly jobs: { readonly waiting: number, readonly active: number, readonly failed: number }
  /** Sums of the shards' tallies, and the number of shards. */
  readonly totals: Readonly<Record<string, number>>
  readonly machines: readonly Machine[]
  /** Some of the shards that were set apart. */
  readonly setApart: readonly SetApart[]
  /** Redis's time in milliseconds. */
  readonly now: number
}

export interface Status {
  readonly queue: string
  readonly state: 'empty' | 'planning' | 'running' | 'merging' | 'finished'
  readonly run?: { readonly id: string, readonly model: string, readonly out: string } | undefined
  readonly images: { readonly by_code: Readonly<Record<string, number>> } & Readonly<Record<'total' | 'done' | 'failed', number>>
  readonly shards: Readonly<Record<'total' | 'waiting' | 'active' | 'done' | 'set_apart', number>>
  readonly images_per_second: number
  readonly eta_seconds?: number | undefined
  readonly seconds: number
  readonly machines: readonly Machine[]
  readonly set_apart: readonly SetApart[]
}

/** Milliseconds after its last report until a machine counts as gone. */
const MACHINE_TIMEOUT = 15_000

const isAlive = ({ at }: Machine, now: number): boolean => now - at < MACHINE_TIMEOUT

export function toStatus ({ queue, state, jobs, totals, machines: all, setApart, now }: Facts): Status {
  const machines = all.filter(machine => isAlive(machine, now))
  const shards = shardsOf(state, jobs, totals)
  const phase = phaseOf(state, shards)
  const images = imagesOf(state, totals, machines)
  const rate = round(sum(machines.map(({ imagesPerSecond }) => imagesPerSecond)))
  const left = images.total - images.done - images.failed
  return {
    queue,
    state: phase,
    ...(state && { run: { id: state.run.id, model: state.run.model, out: state.run.out } }),
    images,
    shards,
    images_per_second: rate,
    ...(phase === 'running' && rate > 0 && { eta_seconds: Math.round(left / rate) }),
    seconds: state ? Math.max(0, Math.round(((state.endedAt ?? now) - state.startedAt) / 1000)) : 0,
    machines,
    set_apart: setApart
  }
}

/** Failed jobs are shards that were set apart: merging is never one of them for long. */
function shardsOf (state: RunState | undefined, jobs: Facts['jobs'], totals: Facts['totals']): Status['shards'] {
  const total = state?.run.shards ?? 0
  const done = Math.min(total, totals['shards'] ?? 0)
  const open = Math.max(0, total - done)
  const setApart = jobs.failed
  const active = Math.min(jobs.active, open)
  return { total, waiting: Math.min(jobs.waiting, Math.max(0, open - setApart - active)), active, done, set_apart: setApart }
}

function phaseOf (state: RunState | undefined, shards: Status['shards']): Status['state'] {
  if (!state) return 'empty'
  if (!state.isPlanned) return 'planning'
  if (isFinished(state)) return 'finished'
  return shards.waiting + shards.active === 0 && shards.done + shards.set_apart >= shards.total ? 'merging' : 'running'
}

/** Finished shards, and what the machines report of those in work. After the merge, images of shards set apart have failed. */
function imagesOf (state: RunState | undefined, totals: Facts['totals'], machines: readonly Machine[]): Status['images'] {
  const total = state?.run.images ?? 0
  const codes = Object.fromEntries(Object.keys(FAILURE_CODES).flatMap(code => (totals[code] ?? 0) > 0 ? [[code, totals[code]!]] : []))
  const done = totals['done'] ?? 0
  const failed = sum(Object.values(codes))
  if (!state || !isFinished(state)) {
    const busy = machines.filter(({ shard }) => shard !== undefined)
    const inWork = sum(busy.map(({ done, failed }) => done - failed))
    const failing = sum(busy.map(({ failed }) => failed))
    return { total, done: Math.min(total, done + inWork), failed: failed + failing, by_code: codes }
  }
  const missing = total - done - failed
  const all = missing > 0 ? { ...codes, NOT_PROCESSED: (codes['NOT_PROCESSED'] ?? 0) + missing } : codes
  return { total, done, failed: failed + missing, by_code: all }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const round = (value: number): number => Math.round(value * 10) / 10
