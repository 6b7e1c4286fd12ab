import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../errors.ts'
import { endTree } from './process-tree.ts'

/** A server process of this machine, on a free port. */
export interface ServerProcess {
  readonly base: string
  readonly pid: number
  readonly workers: number
  /** Threads that share one run of a network. */
  readonly threads: number
  /** Milliseconds from start to ready. */
  readonly startMs: number
  /** The exit code; null if a signal ended it. */
  readonly exited: Promise<number | null>
  kill (signal: NodeJS.Signals): void
  /** Kills all its processes, and waits until they have ended. */
  end (): Promise<void>
}

const FATAL: ReadonlySet<number | string> = new Set([60, 'fatal'])

type Ready = Pick<ServerProcess, 'base' | 'workers' | 'threads'>
interface LogLine {
  readonly event?: string
  readonly msg: string
  readonly workers: number
  readonly threads: number
  /** Of pino: a number, or a name. */
  readonly level: number | string
}

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))

/** The environment sets up everything but the address, access and logging. */
const FIXED = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', LOG_FORMAT: 'json', API_KEYS: '', RATE_LIMIT: '' }

/**
 * Starts the server, and waits until it is ready. It ends with this process.
 * @param main main.js of the server: of this build, or of another
 * @throws CommandError with the server's error message if it does not start
 */
export async function startServer (env: Record<string, string> = {}, main = MAIN): Promise<ServerProcess> {
  const start = performance.now()
  const environment = { ...process.env, ...FIXED, ...env }
  const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const killNow = (): void => { child.kill('SIGKILL') }
  process.once('exit', killNow)
  child.once('exit', () => process.off('exit', killNow))
  const ready = await untilReady(child)
  const startMs = performance.now() - start
  const kill = (signal: NodeJS.Signals): void => { child.kill(signal) }
  const end = async (): Promise<void> => { await Promise.all([endTree(child.pid!), exited]) }
  return { ...ready, pid: child.pid!, startMs, exited, kill, end }
}

async function untilReady (child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ready> {
  let complaint = ''
  child.stderr.on('data', chunk => { complaint += chunk })
  const closed = once(child, 'close')
  const ready = await readUntilReady(child.stdout, message => { complaint ||= message })
  if (ready) return ready
  const [code] = await closed
  throw new CommandError(`The server did not start: ${complaint.trim() || `exit code ${code}`}`)
}

async function readUntilReady (stdout: Readable, onFatal: (message: string) => void): Promise<Ready | undefined> {
  let base = ''
  for await (const line of createInterface({ input: stdout })) {
    if (!line.startsWith('{')) continue // a library's output
    const { event, msg, workers, threads, level } = JSON.parse(line) as LogLine
    base ||= /listening at (http:\S+)/.exec(msg)?.[1] ?? ''
    if (FATAL.has(level)) onFatal(msg)
    if (event !== 'ready' && msg !== 'ready') continue // version 0.1.0 has no event
    stdout.resume() // unread output would block the server
    return { base, workers, threads }
  }
  return undefined
}
