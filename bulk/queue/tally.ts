/**
 * What came of each shard, in a fixed number of bytes: how many images have a result, and how many failed with each code.
 * Redis keeps these rows in one string, and their sums in a hash.
 */
import { FAILURE_CODES, type FailureCode } from '../failure.ts'
import { hasFailed, type Line } from '../line.ts'

const CODES = Object.keys(FAILURE_CODES) as FailureCode[]
/** The columns of a row. */
export const COLUMNS = ['done', ...CODES] as const
/** Bytes of a row: an unsigned 16-bit number a column, big-endian. */
export const ROW = 2 * COLUMNS.length
/** What a column can count. */
export const MAX_COUNT = 65_535

export type Tally = Readonly<Partial<Record<'done' | FailureCode, number>>>

export function tallyOf (lines: readonly Line[]): Tally {
  const counts: Partial<Record<'done' | FailureCode, number>> = {}
  for (const line of lines) {
    const column = hasFailed(line) ? line.error.code : 'done'
    counts[column] = (counts[column] ?? 0) + 1
  }
  return counts
}

export const failedIn = (tally: Tally): number => CODES.reduce((sum, code) => sum + (tally[code] ?? 0), 0)

export function toRow (tally: Tally): Buffer {
  const row = Buffer.alloc(ROW)
  COLUMNS.forEach((column, i) => row.writeUInt16BE(tally[column] ?? 0, 2 * i))
  return row
}

/** The tallies of shards by number. Rows of zeros, and those that are not there yet, are undefined: these shards are not done. */
export function fromRows (rows: Buffer, shards: number): (Tally | undefined)[] {
  return Array.from({ length: shards }, (_, number) => {
    const row = rows.subarray(number * ROW, (number + 1) * ROW)
    if (row.length < ROW || row.every(byte => byte === 0)) return undefined
    return Object.fromEntries(COLUMNS.flatMap((column, i) => row.readUInt16BE(2 * i) > 0 ? [[column, row.readUInt16BE(2 * i)]] : []))
  })
}

/** Whether another try of the shard can end otherwise. */
export const canRetry = (tally: Tally): boolean => CODES.some(code => FAILURE_CODES[code] && (tally[code] ?? 0) > 0)

/**
 * Sets the row of a shard, and adds the difference from its previous row to the sums: a shard counts once, however often it ran.
 * KEYS: rows, sums, run. ARGV: number of the shard, row, start of the run, then the columns.
 * Returns 0, and counts nothing, if the run was replaced.
 */
export const COUNT_SCRIPT = `
if redis.call('HGET', KEYS[3], 'startedAt') ~= ARGV[3] then return 0 end
local width = #ARGV[2]
local at = tonumber(ARGV[1]) * width
local old = redis.call('GETRANGE', KEYS[1], at, at + width - 1)
local none = string.rep('\\0', width)
if old == '' then old = none end
redis.call('SETRANGE', KEYS[1], at, ARGV[2])
for i = 1, width / 2 do
  local now = string.byte(ARGV[2], 2 * i - 1) * 256 + string.byte(ARGV[2], 2 * i)
  local before = string.byte(old, 2 * i - 1) * 256 + string.byte(old, 2 * i)
  if now ~= before then redis.call('HINCRBY', KEYS[2], ARGV[3 + i], now - before) end
end
if old == none then redis.call('HINCRBY', KEYS[2], 'shards', 1) end
return 1
`
