import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../command.ts'
import { endTree } from './process-tree.ts'

/** The server, running on a port of its own on this machine. */
export interface ServerProcess {
  readonly base: string
  readonly pid: number
  readonly workers: number
  /** Threads that share one run of a network. */
  readonly threads: number
  /** Milliseconds from start to ready. */
  readonly startMs: number
  /** The exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>
  kill (signal: NodeJS.Signals): void
  /** Kills all its processes, and waits until they are gone. */
  end (): Promise<void>
}

type Ready = Pick<ServerProcess, 'base' | 'workers' | 'threads'>
interface LogLine { readonly event?: string, readonly msg: string, readonly workers: number, readonly threads: number }

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))

/** Where it listens, whom it lets in and what it logs is not the environment's to say here; the rest is. */
const FIXED = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', LOG_FORMAT: 'json', API_KEYS: '', RATE_LIMIT: '' }

/**
 * Starts the server, and waits until it is ready.
 * @param main the server's main.js: this build's, or another's
 * @throws CommandError with what it says when it does not start
 */
export async function startServer (env: Record<string, string> = {}, main = MAIN): Promise<ServerProcess> {
  const start = performance.now()
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...FIXED, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
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
  const ready = await readUntilReady(child.stdout)
  if (ready) return ready
  const [code] = await closed
  throw new CommandError(`The server does not start: ${complaint.trim() || `exit code ${code}`}`)
}

async function readUntilReady (stdout: Readable): Promise<Ready | undefined> {
  let base = ''
  for await (const line of createInterface({ input: stdout })) {
    if (!line.startsWith('{')) continue // what a library prints
    const { event, msg, workers, threads } = JSON.parse(line) as LogLine
    base ||= /listening at (http:\S+)/.exec(msg)?.[1] ?? ''
    if (event !== 'ready' && msg !== 'ready') continue // version 0.1.0 has no event
    stdout.resume() // what is not read would stop the server
    return { base, workers, threads }
  }
  return undefined
}
