import { constants, fstatSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isatty } from 'node:tty'
import pino, { type DestinationStream, type Logger } from 'pino'
import type { Config } from './config.ts'
import { LogBatch, type Sink } from './log-batch.ts'

const STDOUT = 1
/** Bytes of lines that wait for a slow reader; more are dropped. */
const MAX_WAITING = 16 * 2 ** 20
/** Milliseconds that a slow reader gets to take the last lines. */
const LAST_LINES = 1000

export interface Log {
  readonly logger: Logger
  /** Writes what waits, as far as the reader takes it within a second. */
  flush (): Promise<void>
}

type Destination = ReturnType<typeof pino.destination>
type LogConfig = Pick<Config, 'LOG_LEVEL' | 'LOG_FORMAT' | 'LOG_LEVEL_NAMES'>

/** Opens the log on stdout. Lines are written in the background: a slow reader delays neither requests nor the end. */
export async function openLog (config: LogConfig): Promise<Log> {
  const destination = openDestination()
  const batch = new LogBatch(destination)
  process.prependOnceListener('exit', () => batch.release())
  const stream = isPretty(config.LOG_FORMAT) ? await prettified(batch) : batch
  const flush = async (): Promise<void> => {
    batch.release()
    const flushed = new Promise(resolve => destination.flush(resolve))
    await Promise.race([flushed, sleep(LAST_LINES, undefined, { ref: false })])
  }
  return { logger: createLogger(config, stream), flush }
}

/** A logger with the level and the names of levels that the settings ask for. */
export function createLogger ({ LOG_LEVEL: level, LOG_LEVEL_NAMES: hasNames }: LogConfig, stream: DestinationStream): Logger {
  return pino(hasNames ? { level, formatters: { level: label => ({ level: label }) } } : { level }, stream)
}

const isPretty = (format: Config['LOG_FORMAT']): boolean =>
  format === 'pretty' || (format === 'auto' && isatty(STDOUT))

/** Formats lines in this thread: a transport would be another thread, which can lose lines at the end. */
async function prettified (destination: Sink): Promise<Sink> {
  const { prettyLines } = await import('./pretty-log.ts')
  const format = prettyLines(isatty(STDOUT))
  return { write: line => { destination.write(format(line)) }, flushSync: () => destination.flushSync() }
}

function openDestination (): Destination {
  let end = Infinity
  const destination = pino.destination({
    dest: nonBlocking(STDOUT), sync: false, maxLength: MAX_WAITING, retryEAGAIN: () => performance.now() < end
  } as Parameters<typeof pino.destination>[0])
  const flushSync = destination.flushSync.bind(destination)
  destination.flushSync = () => { // at the exit, and for a fatal error
    end = performance.now() + LAST_LINES
    flushSync()
  }
  process.prependOnceListener('exit', () => {
    try {
      destination.flushSync()
    } catch {
      destination.destroy() // nobody reads: pino would try again
    }
  })
  return destination
}

/**
 * A blocked write can't be ended, and the process can't exit before it. Writes to the returned descriptor fail instead
 * if the reader has stalled. A pipe or a terminal, which other processes may share, is opened anew if /proc allows it;
 * Node makes a socket non-blocking.
 */
function nonBlocking (fd: number): number {
  const stats = fstatSync(fd)
  if (stats.isSocket() && process.stdout.writable) return fd
  if (!stats.isFIFO() && !isatty(fd)) return fd
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return fd
  }
}
