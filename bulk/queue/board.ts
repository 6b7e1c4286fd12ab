/** What Redis keeps of a queue besides its jobs: the run, the tallies of shards, and the machines. Tested by .ci/checks/bulk-queue.js. */
import { fromFields, type QueuedRun, type RunState } from './queued-run.ts'
import type { Redis } from './redis.ts'
import type { Machine } from './status.ts'
import { COLUMNS, COUNT_SCRIPT, fromRows, toRow, type Tally } from './tally.ts'

/** KEYS: run. ARGV: start of the run, round, time. Does nothing if the run was replaced. */
const MERGED_SCRIPT = `
if redis.call('HGET', KEYS[1], 'startedAt') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'merged', ARGV[2], 'endedAt', ARGV[3])
return redis.call('HSETNX', KEYS[1], 'notified' .. ARGV[2], 1)
`
/** KEYS: run. ARGV: the last round. Two that begin the next at once get one. */
const ROUND_SCRIPT = `
if redis.call('HGET', KEYS[1], 'round') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'planned', 0)
redis.call('HDEL', KEYS[1], 'endedAt')
return redis.call('HINCRBY', KEYS[1], 'round', 1)
`
/** Milliseconds until a machine that is gone is forgotten. */
const FORGOTTEN = 60_000

export class Board {
  readonly #redis: Redis
  readonly #keys: Readonly<Record<'run' | 'rows' | 'totals' | 'machines', string>>

  constructor (redis: Redis, queue: string) {
    this.#redis = redis
    const key = (name: string): string => `nanodet:${queue}:${name}`
    this.#keys = { run: key('run'), rows: key('rows'), totals: key('totals'), machines: key('machines') }
  }

  async read (): Promise<RunState | undefined> { return fromFields(await this.#redis.hgetall(this.#keys.run)) }

  /** Starts a run, or goes on with it; a finished one of another id is forgotten. */
  async begin (run: QueuedRun): Promise<void> {
    const { run: key, rows, totals } = this.#keys
    const found = await this.read()
    if (found?.run.id !== run.id) await this.#redis.del(key, rows, totals)
    await this.#redis.multi().hset(key, { run: JSON.stringify(run) }).hsetnx(key, 'startedAt', await this.now()).hsetnx(key, 'round', 1).exec()
  }

  async forget (): Promise<void> { await this.#redis.del(this.#keys.run, this.#keys.rows, this.#keys.totals) }

  async setPlanned (): Promise<void> { await this.#redis.hset(this.#keys.run, 'planned', 1) }

  /** @param round the last one @returns the number of the next; 0 if another process has begun it */
  async nextRound (round: number): Promise<number> {
    return await this.#redis.eval(ROUND_SCRIPT, 1, this.#keys.run, round) as number
  }

  /** @returns whether to send word of the end: nobody else has, and the run was not replaced */
  async setMerged ({ startedAt, round }: RunState): Promise<boolean> {
    return await this.#redis.eval(MERGED_SCRIPT, 1, this.#keys.run, startedAt, round, await this.now()) === 1
  }

  /** Whether a run is the queue's, or the queue has none: Redis may have lost it. */
  async isCurrent ({ startedAt }: RunState): Promise<boolean> {
    const current = await this.#redis.hget(this.#keys.run, 'startedAt')
    return current === null || Number(current) === startedAt
  }

  /** Counts a shard: once, however often it ran. */
  async count ({ startedAt }: RunState, shard: number, tally: Tally): Promise<void> {
    const { run, rows, totals } = this.#keys
    await this.#redis.eval(COUNT_SCRIPT, 3, rows, totals, run, shard, toRow(tally), startedAt, ...COLUMNS)
  }

  async tallies (shards: number): Promise<(Tally | undefined)[]> {
    return fromRows(await this.#redis.getBuffer(this.#keys.rows) ?? Buffer.alloc(0), shards)
  }

  async totals (): Promise<Record<string, number>> {
    const totals = await this.#redis.hgetall(this.#keys.totals)
    return Object.fromEntries(Object.entries(totals).map(([column, count]) => [column, Number(count)]))
  }

  /** Reports a machine. */
  async beat (id: string, machine: Omit<Machine, 'at'>): Promise<void> {
    await this.#redis.hset(this.#keys.machines, id, JSON.stringify({ ...machine, at: await this.now() }))
  }

  async leave (id: string): Promise<void> { await this.#redis.hdel(this.#keys.machines, id) }

  async machines (now: number): Promise<Machine[]> {
    const reports = Object.entries(await this.#redis.hgetall(this.#keys.machines))
    const found = reports.map(([id, text]) => ({ id, machine: JSON.parse(text) as Machine }))
    const gone = found.filter(({ machine }) => now - machine.at > FORGOTTEN).map(({ id }) => id)
    if (gone.length > 0) await this.#redis.hdel(this.#keys.machines, ...gone)
    return found.filter(({ id }) => !gone.includes(id)).map(({ machine }) => machine)
  }

  /** Redis's time in milliseconds: clocks of machines differ. */
  async now (): Promise<number> {
    const [seconds, microseconds] = await this.#redis.time() as unknown as [string, string]
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
  }
}
